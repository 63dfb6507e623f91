import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../tools/evaluate/seeded-random.js';
import { measuredBounds } from './acceptance.js';
import {
  isEnough,
  noCounts,
  strangersAccepted,
  thresholdFor,
  withCall,
  type OwnCallerCounts,
} from './own-callers.js';

const safe = { convenience: 2.8, standard: 4.9, strict: 6.7 };

describe('what a tenant’s own callers teach', () => {
  it('is nothing but counts, whoever called', () => {
    const counts = withCall(noCounts, { strangerLlrs: [-3, 1.1, 5.3], ownLlr: 8.2, isNewCaller: true });
    expect(counts).toMatchObject({ calls: 1, callers: 1, pairs: 3, pairsSquared: 9, own: 1 });
    expect(counts.above[0]).toBe(2);
    expect(counts.above[20]).toBe(1);
    expect(JSON.stringify(counts)).not.toMatch(/5\.3|1\.1|8\.2/);
  });

  it('does not depend on the order in which calls end', () => {
    const calls = Array.from({ length: 20 }, (_, i) => ({
      strangerLlrs: [i / 3, -i, i / 7],
      ownLlr: i % 2 === 0 ? i : null,
      isNewCaller: i < 7,
    }));
    expect(calls.reduce(withCall, noCounts)).toEqual(calls.toReversed().reduce(withCall, noCounts));
  });

  it('is enough from 30 callers and 3,000 comparisons on, not before either', () => {
    expect(isEnough({ callers: 29, pairs: 9000 })).toBe(false);
    expect(isEnough({ callers: 400, pairs: 2999 })).toBe(false);
    expect(isEnough({ callers: 30, pairs: 3000 })).toBe(true);
  });

  it('moves each threshold to where as many strangers are accepted as it says', () => {
    // Strangers spread as a logistic distribution about 0: above t lie 1 / (1 + e^(t/2)) of them.
    const counts = crowd((random) => 2 * Math.log(1 / random() - 1), 400);
    const bounds = measuredBounds(counts, safe);
    for (const [point, rate] of [
      ['convenience', 0.01],
      ['standard', 0.003],
    ] as const) {
      const accepted = 1 / (1 + Math.exp(bounds[point] / 2));
      expect(accepted).toBeGreaterThan(rate / 1.4);
      expect(accepted).toBeLessThan(rate * 1.2);
      expect(strangersAccepted(counts, bounds[point]).share).toBeLessThanOrEqual(rate);
    }
    expect(bounds.convenience).toBeLessThan(bounds.standard);
    expect(bounds.standard).toBeLessThan(bounds.strict);
  });

  it('never lets a threshold fall below the safe one, however far apart the callers lie', () => {
    expect(
      measuredBounds(
        crowd(() => -20, 100),
        safe,
      ),
    ).toEqual(safe);
  });

  it('goes above the last stranger where too few were compared for so small a share', () => {
    const some = Array.from({ length: 10 }, () => ({
      strangerLlrs: Array.from({ length: 40 }, (_, i) => (i === 0 ? 7.1 : -5)),
      ownLlr: null,
      isNewCaller: true,
    })).reduce(withCall, noCounts);
    expect(measuredBounds(some, safe).strict).toBe(7.25);
    expect(thresholdFor(some, 0.03)).toBe(0);
  });

  it('says by caller how sure the share is: ten calls of one person are no ten people', () => {
    const call = { strangerLlrs: [6, ...Array.from({ length: 49 }, () => -5)], ownLlr: null };
    const people = Array.from({ length: 40 }, (_, i) => ({
      ...call,
      strangerLlrs: i % 10 === 0 ? call.strangerLlrs : call.strangerLlrs.map(() => -5),
      isNewCaller: true,
    })).reduce(withCall, noCounts);
    const oftener = Array.from({ length: 400 }, (_, i) => ({
      ...call,
      strangerLlrs: i % 10 === 0 ? call.strangerLlrs : call.strangerLlrs.map(() => -5),
      isNewCaller: i < 40,
    })).reduce(withCall, noCounts);
    const [once, ten] = [strangersAccepted(people, 4.9), strangersAccepted(oftener, 4.9)];
    expect(ten.share).toBeCloseTo(once.share, 12);
    expect(ten.high - ten.low).toBeGreaterThan(0.9 * (once.high - once.low));
  });
});

function crowd(draw: (random: () => number) => number, calls: number): OwnCallerCounts {
  const random = seededRandom(3);
  return Array.from({ length: calls }, () => ({
    strangerLlrs: Array.from({ length: 50 }, () => draw(random)),
    ownLlr: null,
    isNewCaller: true,
  })).reduce(withCall, noCounts);
}
