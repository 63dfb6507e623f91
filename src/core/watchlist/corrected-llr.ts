import { normalTail, type ImpostorTail } from './impostor-tail.js';

/**
 * The chance that a caller who is on no list has a best match this good among so many entries: of `entries` draws the greatest
 * stays below the score with (1 − p)^entries (the distribution of the maximum; Gumbel, Statistics of Extremes, 1958, §3.1).
 * Voices of one list are alike to some extent, which makes the true chance smaller, not greater (Slepian's inequality, 1962).
 */
export function falseMatchProbability(score: number, entries: number, tail: ImpostorTail): number {
  const one = normalTail((score - tail.mean) / tail.sd);
  return one >= 1 ? 1 : -Math.expm1(entries * Math.log1p(-one));
}

/**
 * The evidence in a p-value: ln of ∫ κ p^(κ−1) dκ over 0…1, whose expectation is 1 when nobody on the list calls, whatever the
 * number of entries (Vovk and Wang, "E-values: calibration, combination and applications", Annals of Statistics 2021, §2). So it
 * exceeds t in at most e^−t of calls, and a list of 10,000 raises no more false alarms than one of 10.
 */
export function llrOfProbability(probability: number): number {
  const p = Math.max(probability, Number.MIN_VALUE);
  const ln = Math.log(p);
  // The limit is ln ½ where the caller's best match is as good as anybody's; near it the formula cancels itself out.
  if (1 - p < 1e-3) return Math.log(0.5) + (1 - p) / 3;
  return Math.log1p(p * ln - p) - ln - 2 * Math.log(-ln);
}

/** The llr of a best match, corrected for the number of entries it is the best of. */
export const correctedLlr = (score: number, entries: number, tail: ImpostorTail): number =>
  llrOfProbability(falseMatchProbability(score, entries, tail));
