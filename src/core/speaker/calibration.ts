import type { Llr } from './verification.js';

/** What is known of a comparison besides its score. */
export interface SideInformation {
  /** Net speech that the evidence in force was made of. */
  readonly probeNetSpeechMs: number;
  /** Net speech that the voiceprint was made of. */
  readonly referenceNetSpeechMs: number;
  /** Of the probe; null while it is unknown. */
  readonly snrDb: number | null;
  /** Mean cosine of the probe's successive stretches; null or absent while there are none to compare. */
  readonly likeness?: number | null;
}

/**
 * How one piece of side information moves scale and offset: by these, times ln(value / at) for net speech or
 * (value − at) / 10 for decibels. Outside the fitted range the nearest end of it counts: nothing was learned beyond.
 */
export interface SideTerm {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly offset: number;
}

/** Calibration of a score to a natural-log likelihood ratio; fitted for one model and of use for no other. */
export interface Calibration {
  readonly modelSha256: string;
  readonly scale: number;
  readonly offset: number;
  readonly probeNetSpeech?: SideTerm | undefined;
  readonly referenceNetSpeech?: SideTerm | undefined;
  readonly snr?: SideTerm | undefined;
  readonly variety?: Variety | undefined;
}

/**
 * What speech that repeats itself is worth, by how unlike each other (1 − cosine) its successive stretches are. From `full` on
 * an llr means what it says; of one utterance said over and over (`repeated`) slope × llr + intercept does; between them the
 * logarithm decides.
 */
export interface Variety {
  readonly full: number;
  readonly repeated: number;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Net speech that evidence counts as. Ten seconds of one vowel are not ten seconds of evidence: what stretches have in common
 * beyond the voice is heard once, however long it lasts. So speech past the shortest that was fitted counts by how much its
 * stretches differ. `likeness`: mean cosine of successive stretches; null while there are none to compare.
 */
export function countedSpeechMs(
  netSpeechMs: number,
  likeness: number | null,
  { variety, probeNetSpeech }: CountedBy,
): number {
  const once = probeNetSpeech?.from ?? netSpeechMs;
  if (!variety || likeness === null || netSpeechMs <= once) return netSpeechMs;
  return once + (netSpeechMs - once) * clamp((1 - likeness) / variety.full, 0, 1);
}

export type CountedBy = Pick<Calibration, 'probeNetSpeech'> & {
  readonly variety?: Pick<Variety, 'full'> | undefined;
};

type Term = Pick<SideTerm, 'at' | 'from' | 'to'>;

export function speechFeature(netSpeechMs: number, { at, from, to }: Term): number {
  return Math.log(clamp(netSpeechMs, from, to) / at);
}

/** An unknown ratio counts as the middle one. */
export function snrFeature(snrDb: number | null, { at, from, to }: Term): number {
  return (clamp(snrDb ?? at, from, to) - at) / 10;
}

export function toLlr(score: number, side: SideInformation, calibration: Calibration): Llr {
  const { probeNetSpeech, referenceNetSpeech, snr } = calibration;
  let { scale, offset } = calibration;
  const move = (term: SideTerm, feature: number): void => {
    scale += term.scale * feature;
    offset += term.offset * feature;
  };
  if (probeNetSpeech) move(probeNetSpeech, speechFeature(side.probeNetSpeechMs, probeNetSpeech));
  if (referenceNetSpeech)
    move(referenceNetSpeech, speechFeature(side.referenceNetSpeechMs, referenceNetSpeech));
  if (snr) move(snr, snrFeature(side.snrDb, snr));
  return ofRepeated(scale * score + offset, side.likeness ?? null, calibration.variety) as Llr;
}

function ofRepeated(llr: number, likeness: number | null, variety: Variety | undefined): number {
  if (!variety || likeness === null) return llr;
  const { full, repeated, slope, intercept } = variety;
  const unlike = clamp(1 - likeness, repeated, full);
  const share = Math.log(unlike / full) / Math.log(repeated / full);
  return llr * (1 + share * (slope - 1)) + share * intercept;
}

/** The least scale that any side information can give. Above 0, llr grows with the score whatever else is known. */
export function leastScale({ scale, probeNetSpeech, referenceNetSpeech, snr }: Calibration): number {
  const least = (term: SideTerm | undefined, feature: (value: number, term: Term) => number): number =>
    term ? Math.min(term.scale * feature(term.from, term), term.scale * feature(term.to, term)) : 0;
  return (
    scale +
    least(probeNetSpeech, speechFeature) +
    least(referenceNetSpeech, speechFeature) +
    least(snr, snrFeature)
  );
}

/** Bayes' rule in log-odds: the probability that the caller is the customer. */
export function posteriorSameSpeaker(llr: number, priorFraud: number): number {
  return 1 / (1 + Math.exp(-(llr + Math.log((1 - priorFraud) / priorFraud))));
}

function clamp(value: number, from: number, to: number): number {
  return Math.min(Math.max(value, from), to);
}
