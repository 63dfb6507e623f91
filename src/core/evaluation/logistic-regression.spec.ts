import { describe, expect, it } from '@jest/globals';
import { fitLogistic } from './logistic-regression.js';
import { probit } from './probit.js';

/** Evenly spread quantiles of a normal distribution: a sample without chance. */
const normal = (mean: number, deviation: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => mean + deviation * probit((i + 0.5) / count));

function problem(
  targets: readonly number[],
  nontargets: readonly number[],
  weightOf: (t: boolean) => number,
) {
  const scores = [...targets, ...nontargets];
  const labels = scores.map((_, i) => i < targets.length);
  return {
    features: Float64Array.from(scores.flatMap((score) => [score, 1])),
    width: 2,
    targets: labels,
    weights: Float64Array.from(labels, weightOf),
  };
}

describe('logistic regression', () => {
  it('finds the llr of two normal distributions: slope (m₁ − m₂) / σ², offset −(m₁² − m₂²) / 2σ²', () => {
    const [m1, m2, deviation] = [0.7, 0.1, 0.2];
    const list = problem(normal(m1, deviation, 4000), normal(m2, deviation, 4000), () => 1);
    const [scale, offset] = fitLogistic(list);
    expect(scale).toBeCloseTo((m1 - m2) / deviation ** 2, 1);
    expect(offset).toBeCloseTo(-(m1 ** 2 - m2 ** 2) / (2 * deviation ** 2), 1);
  });

  it('does not care how many trials of a kind there are when both weigh the same', () => {
    const even = fitLogistic(problem(normal(1, 1, 2000), normal(-1, 1, 2000), () => 1));
    const uneven = fitLogistic(
      problem(normal(1, 1, 200), normal(-1, 1, 4000), (target) => (target ? 1 / 200 : 1 / 4000)),
    );
    expect(uneven[0]).toBeCloseTo(even[0] ?? NaN, 1);
    expect(uneven[1]).toBeCloseTo(even[1] ?? NaN, 1);
  });

  it('stands where the weighted truth equals the weighted probability', () => {
    const list = problem([0.2, 0.9, 1.4, 2], [-1, 0, 0.5, 1], (target) => (target ? 3 : 1));
    const [scale = NaN, offset = NaN] = fitLogistic(list);
    const excess = list.targets.map(
      (target, i) =>
        (list.weights[i] ?? 0) *
        ((target ? 1 : 0) - 1 / (1 + Math.exp(-(scale * (list.features[2 * i] ?? 0) + offset)))),
    );
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    expect(sum(excess)).toBeCloseTo(0, 3);
    expect(sum(excess.map((value, i) => value * (list.features[2 * i] ?? 0)))).toBeCloseTo(0, 3);
  });

  it('settles where the kinds lie wholly apart', () => {
    const [scale = NaN, offset = NaN] = fitLogistic(problem([2, 3, 4], [-1, 0, 1], () => 1));
    expect(Number.isFinite(scale) && scale > 0).toBe(true);
    expect(-offset / scale).toBeCloseTo(1.5, 1);
  });
});
