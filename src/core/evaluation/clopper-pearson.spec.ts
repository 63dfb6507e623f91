import { describe, expect, it } from '@jest/globals';
import { clopperPearson } from './clopper-pearson.js';

describe('the exact interval of a share', () => {
  it('is the one that R’s binom.test gives', () => {
    // binom.test(1, 10), binom.test(7, 50), binom.test(30, 3000) of R 4.
    expect(clopperPearson(1, 10).low).toBeCloseTo(0.002528579, 8);
    expect(clopperPearson(1, 10).high).toBeCloseTo(0.4450161, 6);
    expect(clopperPearson(5, 10).low).toBeCloseTo(0.187086, 5);
    expect(clopperPearson(5, 10).high).toBeCloseTo(0.812914, 5);
  });

  it('has its closed form where nothing happened', () => {
    for (const trials of [1, 30, 59.5, 3000]) {
      expect(clopperPearson(0, trials).low).toBe(0);
      expect(clopperPearson(0, trials).high).toBeCloseTo(1 - 0.025 ** (1 / trials), 12);
      expect(clopperPearson(trials, trials).low).toBeCloseTo(0.025 ** (1 / trials), 12);
    }
  });

  it('holds as many events or more in one case of forty at its lower end', () => {
    const { low, high } = clopperPearson(9, 300);
    expect(atMost(8, 300, low)).toBeCloseTo(0.975, 10);
    expect(atMost(9, 300, high)).toBeCloseTo(0.025, 10);
  });

  it('refuses what is no share', () => {
    expect(() => clopperPearson(1, 0)).toThrow(RangeError);
    expect(() => clopperPearson(3, 2)).toThrow(RangeError);
  });
});

/** The binomial distribution, summed. */
function atMost(events: number, trials: number, share: number): number {
  let term = (1 - share) ** trials;
  let sum = term;
  for (let k = 1; k <= events; k++) {
    term *= ((trials - k + 1) / k) * (share / (1 - share));
    sum += term;
  }
  return sum;
}
