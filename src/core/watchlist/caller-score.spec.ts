import { describe, expect, it } from '@jest/globals';
import { callerScore } from './caller-score.js';

const cohort = [Float32Array.of(1, 0), Float32Array.of(0.6, 0.8), Float32Array.of(0, -1)];

describe('a caller’s score against an entry', () => {
  it('is how far it lies beyond the caller’s nearest voices of the cohort, by hand', () => {
    // (0.8, 0.6) lies at 0.8, 0.96 and −0.6: of the two nearest the mean is 0.88, the deviation 0.08.
    const score = callerScore(Float32Array.of(0.8, 0.6), { topN: 2, cohort });
    expect(score(0.96)).toBeCloseTo(1, 5);
    expect(score(0.72)).toBeCloseTo(-2, 5);
  });

  it('asks more of a caller who is near to everybody', () => {
    const norm = { topN: 3, cohort };
    const near = callerScore(Float32Array.of(0.894, 0.447), norm);
    const far = callerScore(Float32Array.of(-0.894, -0.447), norm);
    expect(near(0.7)).toBeLessThan(far(0.7));
  });

  it('is the cosine where nothing is normalised', () => {
    expect(callerScore(Float32Array.of(1, 0), undefined)(0.42)).toBe(0.42);
  });
});
