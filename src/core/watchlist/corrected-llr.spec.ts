import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { probit } from '../evaluation/probit.js';
import { correctedLlr, falseMatchProbability, llrOfProbability } from './corrected-llr.js';
import { fitImpostorTail, normalTail, type ImpostorTail } from './impostor-tail.js';

const tail: ImpostorTail = { mean: 0.15, sd: 0.18 };
const cosine = fc.double({ min: -1, max: 1, noNaN: true });
const entries = fc.integer({ min: 1, max: 1_000_000 });

describe('the upper tail of the normal distribution', () => {
  // Abramowitz and Stegun, Handbook of Mathematical Functions, tables 26.1 and 26.2 (−log10 Q for z ≥ 5).
  it.each([
    [0, 0.5],
    [1, 0.158655253931457],
    [2, 0.0227501319481792],
    [3, 0.00134989803163009],
    [5, 10 ** -6.54265],
    [10, 10 ** -23.11805],
    [-1, 0.841344746068543],
  ])('is right at %d', (z, expected) => {
    expect(Math.abs(normalTail(z) / expected - 1)).toBeLessThan(2e-5);
  });

  it('has no step where its two forms meet', () => {
    expect(normalTail(2.5 - 1e-12) / normalTail(2.5)).toBeCloseTo(1, 10);
  });
});

describe('the chance of a false match', () => {
  it('is that of one of so many draws: 1 − (1 − p)^N', () => {
    // For N = 2 by hand: p + p − p².
    const one = falseMatchProbability(0.5, 1, tail);
    expect(one).toBeCloseTo(normalTail((0.5 - 0.15) / 0.18), 12);
    expect(falseMatchProbability(0.5, 2, tail)).toBeCloseTo(2 * one - one * one, 12);
  });

  it('grows with the entries and falls with the cosine', () => {
    fc.assert(
      fc.property(cosine, cosine, entries, entries, (a, b, n, m) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const [few, many] = n < m ? [n, m] : [m, n];
        expect(falseMatchProbability(high, few, tail)).toBeLessThanOrEqual(
          falseMatchProbability(low, few, tail),
        );
        expect(falseMatchProbability(low, few, tail)).toBeLessThanOrEqual(
          falseMatchProbability(low, many, tail),
        );
      }),
    );
  });

  it('is a probability, and no more than the sum of the chances of each', () => {
    fc.assert(
      fc.property(cosine, entries, (score, n) => {
        const chance = falseMatchProbability(score, n, tail);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(
          Math.min(1, n * falseMatchProbability(score, 1, tail) * (1 + 1e-9)),
        );
      }),
    );
  });

  /** Unit vectors at random: cosines have mean 0 and variance 1/d, and nearly a normal tail (a little lighter). */
  it.each([10, 100, 1000])('holds for random voices: 5 %% of callers match by chance among %d', (n) => {
    const size = 64;
    const random = seeded(7);
    const list = Array.from({ length: n }, () => randomUnit(size, random));
    const spherical = { ...tail, mean: 0, sd: 1 / Math.sqrt(size) };
    const callers = 600;
    let alarms = 0;
    for (let caller = 0; caller < callers; caller++) {
      const voice = randomUnit(size, random);
      let best = -1;
      for (const entry of list)
        best = Math.max(
          best,
          entry.reduce((sum, x, i) => sum + x * (voice[i] ?? 0), 0),
        );
      if (falseMatchProbability(best, n, spherical) <= 0.05) alarms += 1;
    }
    // 30 are expected; four standard deviations of a binomial. The lighter tail makes it fewer for long lists.
    expect(alarms).toBeLessThanOrEqual(30 + 4 * 5.4);
    expect(alarms).toBeGreaterThanOrEqual(3);
  });
});

describe('the llr of a match', () => {
  it('has expectation 1 as a ratio where nobody on the list calls, however many entries there are', () => {
    // ∫ exp(llr(p)) dp over 0…1, with p = e^−x so that the peak at 0 is resolved.
    let integral = 0;
    const step = 0.001;
    for (let x = step / 2; x < 700; x += step)
      integral += Math.exp(llrOfProbability(Math.exp(-x)) - x) * step;
    // What lies beyond: ∫ dx / x² from 700.
    expect(integral + 1 / 700).toBeCloseTo(1, 3);
  });

  it('is (1 − p + p ln p) / (p ln² p) of the chance, by hand at 0.001', () => {
    expect(llrOfProbability(0.001)).toBeCloseTo(Math.log((0.999 - 0.006907755) / (0.001 * 47.717083)), 6);
  });

  it('falls as the chance grows, without a step, to ln ½ for a match that means nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1, noNaN: true }), (p) => {
        expect(llrOfProbability(p)).toBeGreaterThanOrEqual(llrOfProbability(Math.min(1, p * 1.01)) - 1e-9);
      }),
    );
    expect(llrOfProbability(1)).toBeCloseTo(Math.log(0.5), 12);
    expect(llrOfProbability(0.99901)).toBeCloseTo(llrOfProbability(0.99899), 4);
    expect(llrOfProbability(0)).toBeGreaterThan(100);
  });

  it('never grows by entries that match no better', () => {
    fc.assert(
      fc.property(cosine, entries, (score, n) => {
        expect(correctedLlr(score, n + 1, tail)).toBeLessThanOrEqual(correctedLlr(score, n, tail) + 1e-9);
      }),
    );
  });

  it('asks for about ln 10 less chance, not ln 10 more llr, of each tenfold list: the bar in llr is the same', () => {
    const bar = llrOfProbability(0.001);
    for (const n of [10, 100, 1000, 10_000]) {
      let score = -1;
      while (falseMatchProbability(score, n, tail) > 0.001) score += 1e-4;
      expect(correctedLlr(score, n, tail)).toBeCloseTo(bar, 1);
    }
  });
});

it('finds the tail of impostors that are normally distributed', () => {
  const quantilesOf = (mean: number, sd: number) =>
    Float64Array.from({ length: 20_000 }, (_, i) => mean + sd * probit((i + 0.5) / 20_000));
  const { mean, sd } = fitImpostorTail(quantilesOf(0.15, 0.18));
  expect(mean).toBeCloseTo(0.15, 3);
  expect(sd).toBeCloseTo(0.18, 3);
});

/** Park and Miller's minimal standard generator: the same draws in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function randomUnit(size: number, random: () => number): number[] {
  const vector = Array.from(
    { length: size },
    () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
