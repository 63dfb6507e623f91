import { describe, expect, it } from '@jest/globals';
import { probit } from '../../src/core/evaluation/probit.js';
import { fitRepeated } from './repeated-speech.js';
import type { Comparison, Material } from './material.js';

const each = 1000;
const model = {
  id: 'model',
  sha256: 'a'.repeat(64),
  calibration: { modelSha256: 'a'.repeat(64), scale: 30, offset: -9 },
};
const reference = { direction: Float32Array.of(1, 0), netSpeechMs: 20_000, snrDb: null, likeness: null };

/** Scores of two normal distributions, at their quantiles. */
function aMaterial(targets: number, others: number, sd: number, unlike: readonly number[]): Material {
  const comparisons = [targets, others].flatMap((mean) =>
    Array.from({ length: each }, (_, i): Comparison => {
      const score = mean + sd * probit((i + 0.5) / each);
      return {
        target: mean === targets,
        enrolSpeaker: `e${i}`,
        probeSpeaker: mean === targets ? `e${i}` : `p${i}`,
        seconds: 10,
        reference,
        probe: {
          direction: Float32Array.of(score, Math.sqrt(1 - score * score)),
          netSpeechMs: 10_000,
          snrDb: null,
          likeness: 1 - (unlike[i % unlike.length] ?? 0),
        },
      };
    }),
  );
  const trials = { target: each, nontarget: each };
  return {
    comparisons: [],
    repeated: comparisons,
    variety: { full: 0.25 },
    calls: new Map(),
    screened: [],
    trials,
  };
}
const fit = (material: Material) =>
  fitRepeated(material, model, { numbers: new Float32Array(0), size: 2 }, { centring: false, topN: null });

describe('speech that repeats itself', () => {
  it('is given the llr of its own scores, which two normal distributions have in closed form', () => {
    const [targets, others, sd] = [0.6, 0.4, 0.12];
    const { variety, figures } = fit(aMaterial(targets, others, sd, [0.03]));
    // ln N(s; 0.6, 0.12) − ln N(s; 0.4, 0.12) = (0.2 s − 0.1) / 0.12², and s = (llr + 9) / 30.
    const slope = (targets - others) / sd ** 2 / 30;
    const intercept = slope * 9 - (targets ** 2 - others ** 2) / (2 * sd ** 2);
    expect(variety).toMatchObject({ full: 0.25, repeated: 0.03 });
    expect(variety?.slope).toBeCloseTo(slope, 2);
    expect(variety?.intercept).toBeCloseTo(intercept, 1);
    const moved = figures.at(-1);
    expect(moved?.slope).toBeCloseTo(1, 3);
    expect(moved?.intercept).toBeCloseTo(0, 3);
    expect(moved?.figures.cllr ?? NaN).toBeLessThan(figures[0]?.figures.cllr ?? NaN);
  });

  it('is told from other speech by the middle of how much its stretches differ', () => {
    expect(fit(aMaterial(0.6, 0.4, 0.12, [0.01, 0.02, 0.2])).variety?.repeated).toBe(0.02);
  });

  it('moves nothing where there is none of it, where it differs as other speech does, or says the contrary', () => {
    const some = aMaterial(0.6, 0.4, 0.12, [0.03]);
    expect(fit({ ...some, repeated: [] })).toEqual({ figures: [], variety: undefined });
    expect(fit(aMaterial(0.6, 0.4, 0.12, [0.3])).variety).toBeUndefined();
    expect(fit(aMaterial(0.4, 0.6, 0.12, [0.03])).variety).toBeUndefined();
  });
});
