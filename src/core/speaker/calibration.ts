import type { Llr } from './verification.js';

/** Linear calibration of a cosine to a natural-log likelihood ratio; fitted for one model and of use for no other. */
export interface Calibration {
  readonly scale: number;
  readonly offset: number;
}

export function toLlr(rawScore: number, calibration: Calibration): Llr {
  return (calibration.scale * rawScore + calibration.offset) as Llr;
}

/** Bayes' rule in log-odds: the probability that the caller is the customer. */
export function posteriorSameSpeaker(llr: number, priorFraud: number): number {
  return 1 / (1 + Math.exp(-(llr + Math.log((1 - priorFraud) / priorFraud))));
}
