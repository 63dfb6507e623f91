import { dot, unit } from './vectors.js';

/**
 * Adaptive symmetric normalisation: the mean and deviation of a voice's `topN` highest scores against voices that are
 * nobody's here (S-norm when topN is all of them). Matějka et al., Analysis of score normalization in multilingual speaker
 * recognition, 2017, "adaptive S-norm 1".
 */
export interface ScoreNormalisation {
  readonly topN: number;
  /** Unit vectors. */
  readonly cohort: readonly Float32Array[];
}

export interface CohortStatistics {
  readonly mean: number;
  readonly deviation: number;
}

export function cohortStatistics(
  direction: Float32Array,
  { topN, cohort }: ScoreNormalisation,
): CohortStatistics {
  const scores = Float64Array.from(cohort, (voice) => dot(voice, direction)).sort();
  const highest = scores.subarray(Math.max(0, scores.length - topN));
  const mean = highest.reduce((sum, score) => sum + score, 0) / highest.length;
  const variance = highest.reduce((sum, score) => sum + (score - mean) ** 2, 0) / highest.length;
  return { mean, deviation: Math.sqrt(variance) };
}

export function symmetricallyNormalised(
  rawScore: number,
  reference: CohortStatistics,
  probe: CohortStatistics,
): number {
  return ((rawScore - reference.mean) / reference.deviation + (rawScore - probe.mean) / probe.deviation) / 2;
}

/** The rows of a cohort file, around their own mean when voices are centred too: both then lie about the origin. */
export function readCohort(numbers: Float32Array, size: number, centring: boolean): Float32Array[] {
  const rows = Array.from({ length: numbers.length / size }, (_, row) =>
    numbers.slice(row * size, (row + 1) * size),
  );
  if (!centring) return rows;
  const mean = new Float32Array(size);
  for (const row of rows) row.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value / rows.length));
  return rows.flatMap((row) => unit(row.map((value, i) => value - (mean[i] ?? 0))) ?? []);
}
