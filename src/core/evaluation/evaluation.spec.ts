import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bootstrapBySpeaker, bootstrapDifference } from './bootstrap.js';
import { cllr } from './cllr.js';
import { actDcf, minDcf, rocPoints, thresholdForFar } from './error-rates.js';
import { equalErrorRate, minCllr, poolAdjacentViolators } from './pav.js';
import { probit } from './probit.js';
import { sortTrials, type SortedTrials } from './trials.js';

function listOf(targets: readonly number[], nontargets: readonly number[]): SortedTrials {
  const trial = (target: boolean) => (score: number, i: number) => ({
    score,
    target,
    enrolSpeaker: `s${i}`,
    probeSpeaker: target ? `s${i}` : `s${i + 1}`,
  });
  return sortTrials([...targets.map(trial(true)), ...nontargets.map(trial(false))]);
}
const eer = (list: SortedTrials): number => equalErrorRate(poolAdjacentViolators(list));
const bestCllr = (list: SortedTrials): number => minCllr(poolAdjacentViolators(list));

/** Evenly spread quantiles of a normal distribution: a sample without chance. */
function normal(mean: number, deviation: number, count = 20_000): number[] {
  return Array.from({ length: count }, (_, i) => mean + deviation * probit((i + 0.5) / count));
}

describe('error rates, by hand', () => {
  const list = listOf([1, 3, 4, 5], [0, 1, 2, 2]);

  it('accepts what is above the threshold', () => {
    const at = rocPoints(list).map((p) => [p.threshold, p.falseAcceptRate, p.falseRejectRate]);
    expect(at).toEqual([
      [-Infinity, 1, 0],
      [0, 0.75, 0],
      [1, 0.5, 0.25],
      [2, 0, 0.25],
      [3, 0, 0.5],
      [4, 0, 0.75],
      [5, 0, 1],
    ]);
  });

  it('reads the EER where the convex hull has equal rates', () => {
    // Hull from (FAR 0.75, FRR 0) to (0, 0.25): FAR = 0.75 - 3 FRR, equal at 3/16.
    expect(eer(list)).toBeCloseTo(3 / 16, 12);
  });

  it('takes the least cost, and the cost at the Bayes threshold', () => {
    expect(minDcf(rocPoints(list), 0.5)).toBeCloseTo(0.25, 12);
    expect(actDcf(rocPoints(list), 0.5)).toBeCloseTo(0.75, 12);
    // −logit(0.2) = ln 4 = 1.386: FRR 1/4, FAR 1/2; (0.2 · 0.25 + 0.8 · 0.5) / 0.2.
    expect(actDcf(rocPoints(list), 0.2)).toBeCloseTo(2.25, 12);
  });

  it('finds the lowest threshold that keeps the false accepts', () => {
    expect(thresholdForFar(rocPoints(list), 0.5)).toMatchObject({ threshold: 1, falseRejectRate: 0.25 });
    expect(thresholdForFar(rocPoints(list), 0.49)).toMatchObject({ threshold: 2, falseRejectRate: 0.25 });
  });

  it('measures Cllr and its minimum', () => {
    expect(cllr(listOf([Math.log(3)], [Math.log(3)]))).toBeCloseTo((Math.log2(4 / 3) + 2) / 2, 12);
    // Middle block holds 1 of 4 targets and 3 of 4 non-targets: odds 1:3, targets cost log2 4, non-targets log2 4/3.
    expect(bestCllr(list)).toBeCloseTo((2 / 4 + (3 * Math.log2(4 / 3)) / 4) / 2, 12);
  });

  it('has no error where the kinds are apart, and half where they are the same', () => {
    expect(eer(listOf([2, 3], [0, 1]))).toBe(0);
    expect(bestCllr(listOf([2, 3], [0, 1]))).toBe(0);
    expect(eer(listOf([0, 1], [0, 1]))).toBe(0.5);
    expect(bestCllr(listOf([0, 1], [0, 1]))).toBeCloseTo(1, 12);
  });

  it('refuses a list with one kind of trial only, or with a score that is no number', () => {
    expect(() => rocPoints(listOf([1], []))).toThrow(RangeError);
    expect(() => listOf([NaN], [1])).toThrow(RangeError);
  });
});

describe('two normal distributions', () => {
  it('knows quantiles of the normal distribution from the tables', () => {
    expect(probit(0.975)).toBeCloseTo(1.959963985, 8);
    expect(probit(0.001)).toBeCloseTo(-3.090232306, 8);
    expect(probit(0.5)).toBeCloseTo(0, 12);
  });

  // Φ(−d′/2) for d′ = 1, 2, 3.
  it.each([
    [1, 0.308537539],
    [2, 0.158655254],
    [3, 0.066807201],
  ])('gives the EER Φ(−d′/2) for d′ = %d', (distance, expected) => {
    expect(eer(listOf(normal(distance, 1), normal(0, 1)))).toBeCloseTo(expected, 3);
  });

  it.each([1, 4, 16])('gives the integral for Cllr of well-calibrated llr of variance %d', (variance) => {
    const deviation = Math.sqrt(variance);
    const step = deviation / 500;
    let expected = 0;
    for (let z = -10 * deviation; z <= 10 * deviation; z += step) {
      const density = Math.exp(-(z * z) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
      expected += step * density * Math.log2(1 + Math.exp(-(variance / 2 + z)));
    }
    const list = listOf(normal(variance / 2, deviation), normal(-variance / 2, deviation));
    expect(cllr(list)).toBeCloseTo(expected, 3);
    expect(bestCllr(list)).toBeCloseTo(expected, 2);
    expect(actDcf(rocPoints(list), 0.2)).toBeCloseTo(minDcf(rocPoints(list), 0.2), 2);
  });
});

describe('invariances', () => {
  const scores = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 40 });
  const measures = (list: SortedTrials): number[] => [
    eer(list),
    bestCllr(list),
    minDcf(rocPoints(list), 0.2),
  ];

  it('keeps EER, minDCF and minCllr under a rising map of the scores', () => {
    fc.assert(
      fc.property(scores, scores, (targets, nontargets) => {
        const rising = (x: number): number => x ** 3 / 7 + x - 5;
        const before = measures(listOf(targets, nontargets));
        measures(listOf(targets.map(rising), nontargets.map(rising))).forEach((after, i) => {
          expect(after).toBeCloseTo(before[i] ?? NaN, 10);
        });
      }),
    );
  });

  it('keeps EER, Cllr and minCllr, and minDCF at the other prior, when labels are swapped and scores negated', () => {
    fc.assert(
      fc.property(scores, scores, (targets, nontargets) => {
        const list = listOf(targets, nontargets);
        const swapped = listOf(
          nontargets.map((x) => -x),
          targets.map((x) => -x),
        );
        expect(eer(swapped)).toBeCloseTo(eer(list), 10);
        expect(cllr(swapped)).toBeCloseTo(cllr(list), 10);
        expect(bestCllr(swapped)).toBeCloseTo(bestCllr(list), 10);
        expect(minDcf(rocPoints(swapped), 0.8)).toBeCloseTo(minDcf(rocPoints(list), 0.2), 10);
      }),
    );
  });

  it('never has a minimum above what it is the minimum of', () => {
    fc.assert(
      fc.property(scores, scores, (targets, nontargets) => {
        const list = listOf(targets, nontargets);
        expect(bestCllr(list)).toBeLessThanOrEqual(cllr(list) + 1e-9);
        expect(minDcf(rocPoints(list), 0.01)).toBeLessThanOrEqual(actDcf(rocPoints(list), 0.01) + 1e-9);
        expect(eer(list)).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });
});

describe('bootstrap by speaker', () => {
  const list = listOf([1, 3], [0, 2]);

  it('weighs a trial by the draws of its speakers', () => {
    // Speakers s0, s1, s2 in order of trials 0 (s0 s1), 1 (s0 s0), 2 (s1 s2), 3 (s1 s1); drawn: s0, s0, s1.
    const draws = [0.1, 0.1, 0.4];
    let at = 0;
    const seen: number[][] = [];
    bootstrapBySpeaker(
      list,
      ({ weights }) => {
        seen.push([...weights]);
        return { eer: 0 };
      },
      1,
      () => draws[at++ % 3] ?? 0,
    );
    expect(seen).toEqual([[2, 2, 0, 1]]);
  });

  it('gives no interval where draws cannot hold both kinds of trial', () => {
    expect(
      bootstrapBySpeaker(
        list,
        () => ({ eer: 0 }),
        10,
        () => 0,
      ),
    ).toBeNull();
  });

  it('takes the 2.5th and the 97.5th percentile', () => {
    let value = 0;
    let at = 0;
    const draws = [0.1, 0.4, 0.7];
    const intervals = bootstrapBySpeaker(
      list,
      () => ({ count: value++ }),
      1001,
      () => draws[at++ % 3] ?? 0,
    );
    expect(intervals).toEqual({ count: { low: 25, high: 975 } });
  });

  it('draws the same speakers for both lists of a difference, whatever order their scores are in', () => {
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const scores = [3, 5, 4, 8, 1, 2, 7, 6];
    const first = listOf(scores, [0, 4, 2, 3, 1, 5, 2, 0]);
    const reversed = sortTrials(first.trials.map((trial) => ({ ...trial, score: trial.score })).reverse());
    const shifted = sortTrials(first.trials.map((trial) => ({ ...trial, score: trial.score ** 3 + 1 })));
    const figures = (drawn: SortedTrials) => ({ eer: eer(drawn) });
    for (const second of [reversed, shifted])
      expect(bootstrapDifference(first, second, figures, 50, random)).toEqual({ eer: { low: 0, high: 0 } });
  });
});
