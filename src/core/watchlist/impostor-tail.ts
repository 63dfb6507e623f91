import { probit } from '../evaluation/probit.js';
import type { ScoreNormalisation } from '../speaker/normalisation.js';

/**
 * How high the score of a call and a voice that is somebody else's gets: the upper quarter of the distribution, as the tail of
 * a normal one. Fitted on development calls by timbre-calibrate, kept in the model's manifest, and of no use for another model.
 */
export interface ImpostorTail {
  readonly mean: number;
  readonly sd: number;
  /** What the scores were normalised against; undefined: they are cosines. */
  readonly normalisation?: ScoreNormalisation | undefined;
}

const quantiles = [0.75, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998];

/** A line through the upper quantiles on normal paper: the tail of a normal distribution that lies where the impostors do. */
export function fitImpostorTail(scores: Float64Array): ImpostorTail {
  const rising = Float64Array.from(scores).sort();
  const points = quantiles.map((q) => ({
    z: probit(q),
    score: rising[Math.floor(q * rising.length)] ?? NaN,
  }));
  const mean = (of: (point: { z: number; score: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [zMean, scoreMean] = [mean(({ z }) => z), mean(({ score }) => score)];
  const sd = mean(({ z, score }) => (z - zMean) * (score - scoreMean)) / mean(({ z }) => (z - zMean) ** 2);
  return { mean: scoreMean - sd * zMean, sd };
}

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
