/**
 * How high the cosine of a call and a voice that is somebody else's gets: the upper quarter of the distribution, as the tail of
 * a normal one. Fitted on development calls, for one model and of use for no other.
 */
export interface ImpostorTail {
  readonly modelSha256: string;
  readonly mean: number;
  readonly sd: number;
  /** Calls, pairs and date that the two numbers come from. */
  readonly provenance: string;
}

/**
 * Measured by bench/watchlist-false-alarms.ts: a line through the quantiles 0.75 to 0.998 on normal paper. Both sides are
 * telephone calls with the same words read, so it lies higher than it would for free speech.
 */
export const impostorTails: readonly ImpostorTail[] = [
  {
    modelSha256: 'c8af0b5c189410c18a77bfb3f503eaca4736b7d0595af2330220f9d03acd56de',
    mean: 0.1492,
    sd: 0.1839,
    provenance:
      'telephone-dev, every stretch of 99 calls from 5 s of net speech on against the other 51 callers, 82,416 pairs, 24 November 2026',
  },
];

/** Undefined: nobody has measured this model, so nothing may be decided with it. */
export const impostorTailOf = (modelSha256: string): ImpostorTail | undefined =>
  impostorTails.find((tail) => tail.modelSha256 === modelSha256);

/** Upper tail of the standard normal distribution, to full relative precision however far out. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 2.5) {
    // Abramowitz and Stegun 26.2.11: the sum of z^(2k+1) / (1·3·5…(2k+1)).
    let term = z;
    let sum = z;
    for (let k = 1; term > sum * 1e-17; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  // Abramowitz and Stegun 26.2.14: density / (z + 1/(z + 2/(z + 3/…))), from the inside out.
  let fraction = z;
  for (let k = 200; k > 0; k--) fraction = z + k / fraction;
  return density / fraction;
}
