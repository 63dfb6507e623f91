import { cohortStatistics, type ScoreNormalisation } from '../speaker/normalisation.js';

/**
 * How a caller's cosines to entries are scored. Some voices are near to everybody's, and would be near to somebody's on any list:
 * so a cosine counts by how far it lies beyond the caller's own highest against voices that are nobody's here, in deviations of
 * those (test normalisation: Auckenthaler, Carey and Lloyd-Thomas, 2000; with the highest alone: Sturim and Reynolds, 2005). It is the
 * caller's side alone that is normalised, so the nearest entry stays the nearest. Without a cohort the cosine is the score.
 */
export function callerScore(
  caller: Float32Array,
  normalisation: ScoreNormalisation | undefined,
): (cosine: number) => number {
  if (!normalisation) return (cosine) => cosine;
  const { mean, deviation } = cohortStatistics(caller, normalisation);
  return (cosine) => (cosine - mean) / deviation;
}
