import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cohortStatistics, readCohort, symmetricallyNormalised } from './normalisation.js';
import { ForeignCalibrationError, Scorer, type ScoringModel } from './scoring.js';
import { unit } from './vectors.js';

const sha256 = 'a'.repeat(64);
const model: ScoringModel = {
  id: 'test-model',
  sha256,
  calibration: { modelSha256: sha256, scale: 10, offset: -4 },
};
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

function scoreOf(scorer: Scorer, a: Float32Array, b: Float32Array): number {
  const [reference, probe] = [scorer.ready(a, 20_000), scorer.ready(b, 5000)];
  return reference && probe ? scorer.score(reference, probe) : NaN;
}

describe('scoring', () => {
  it('refuses a calibration that was made for another model', () => {
    const foreign = { ...model, calibration: { ...model.calibration, modelSha256: 'b'.repeat(64) } };
    expect(() => new Scorer(foreign)).toThrow(ForeignCalibrationError);
  });

  it('is the cosine where nothing else is asked for, and the llr its calibration', () => {
    const scorer = new Scorer(model);
    expect(scoreOf(scorer, at(10), at(70))).toBeCloseTo(0.5, 6);
    const [reference, probe] = [scorer.ready(at(10), 20_000), scorer.ready(at(70), 5000)];
    expect(reference && probe && scorer.llr(reference, probe, null)).toBeCloseTo(1, 5);
  });

  it('takes the centre from both sides before the cosine', () => {
    // From (1, 0), the directions of 0° and 90° around (½, ½) lie opposite each other.
    const scorer = new Scorer({ ...model, centre: Float32Array.of(0.5, 0.5) });
    expect(scoreOf(scorer, at(0), at(90))).toBeCloseTo(-1, 6);
  });

  it('takes a tenant’s own mean voice in place of the model’s', () => {
    const centre = Float32Array.of(0.5, 0.5);
    const own = new Scorer({ ...model, centre: Float32Array.of(0.1, -0.3) }, centre);
    expect(scoreOf(own, at(0), at(90))).toBeCloseTo(-1, 6);
  });

  it('has nothing to compare of a voice that lies on the centre', () => {
    expect(new Scorer({ ...model, centre: at(30) }).ready(at(30), 5000)).toBeNull();
  });

  it('leaves the voiceprint as it was stored', () => {
    const voiceprint = at(20);
    new Scorer({ ...model, centre: Float32Array.of(0.5, 0.5) }).ready(voiceprint, 20_000);
    expect([...voiceprint]).toEqual([...at(20)]);
  });
});

/** S-norm as the textbook writes it, in the plainest way. */
function textbook(a: readonly number[], b: readonly number[], cohort: readonly number[][], topN: number) {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.map((value, i) => value * (y[i] ?? 0)).reduce((p, q) => p + q, 0);
  const statistics = (voice: readonly number[]) => {
    const scores = cohort.map((other) => dot(voice, other));
    scores.sort((p, q) => q - p);
    const top = scores.slice(0, topN);
    const mean = top.reduce((p, q) => p + q, 0) / top.length;
    const squares = top.map((score) => (score - mean) * (score - mean));
    return [mean, Math.sqrt(squares.reduce((p, q) => p + q, 0) / top.length)] as const;
  };
  const [meanA, deviationA] = statistics(a);
  const [meanB, deviationB] = statistics(b);
  const raw = dot(a, b);
  return 0.5 * ((raw - meanA) / deviationA + (raw - meanB) / deviationB);
}

describe('score normalisation', () => {
  const voice = fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
    .map((numbers) => unit(Float32Array.from(numbers)))
    .filter((direction) => direction !== null);
  const cohorts = fc.array(voice, { minLength: 12, maxLength: 20 });

  it('is what the textbook’s formula gives, top-N or all', () => {
    fc.assert(
      fc.property(voice, voice, cohorts, fc.integer({ min: 5, max: 20 }), (a, b, cohort, topN) => {
        const normalisation = { topN, cohort };
        const sides = [cohortStatistics(a, normalisation), cohortStatistics(b, normalisation)] as const;
        fc.pre(sides.every(({ deviation }) => deviation > 0.01));
        const scorer = new Scorer({ ...model, normalisation });
        const rows = cohort.map((row) => [...row]);
        expect(scoreOf(scorer, a, b)).toBeCloseTo(textbook([...a], [...b], rows, topN), 3);
        expect(scoreOf(scorer, a, b)).toBeCloseTo(scoreOf(scorer, b, a), 6);
      }),
    );
  });

  it('counts the score in deviations above what strangers get', () => {
    expect(symmetricallyNormalised(0.7, { mean: 0.1, deviation: 0.2 }, { mean: 0.3, deviation: 0.1 })).toBe(
      ((0.7 - 0.1) / 0.2 + (0.7 - 0.3) / 0.1) / 2,
    );
  });

  it('lays the cohort around its own mean when voices are centred', () => {
    const rows = readCohort(Float32Array.of(1, 0, 0, 1), 2, true);
    expect(rows.map((row) => [...row])).toEqual([
      [Math.fround(Math.SQRT1_2), Math.fround(-Math.SQRT1_2)],
      [Math.fround(-Math.SQRT1_2), Math.fround(Math.SQRT1_2)],
    ]);
  });
});
