import type { Policy } from '../policy/policy.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import { Scorer, type ScoringModel } from './scoring.js';
import { dot, meanDirection } from './vectors.js';

export interface EnrolmentSegment {
  readonly embedding: Float32Array;
  /** Net speech that this segment adds (neighbours overlap). */
  readonly netSpeechMs: number;
}

/** Speech of one upload or one call towards an enrolment. */
export interface EnrolmentStretch {
  readonly embeddings: readonly EnrolmentSegment[];
  readonly netSpeechMs: number;
  readonly quality: SignalQuality;
}

export type EnrolmentRefusalCode =
  | 'no-speech'
  | 'quality-too-quiet'
  | 'quality-noisy'
  | 'quality-clipped'
  | 'two-speakers'
  | 'unlike-voiceprint'
  | 'voiceprint-of-earlier-model'
  | 'call-under-way'
  | 'flag-open';

export interface EnrolmentRefusal {
  readonly code: EnrolmentRefusalCode;
  readonly detail: string;
}

export type EnrolmentAssessment =
  | { readonly kind: 'complete'; readonly voiceprint: Float32Array; readonly netSpeechMs: number }
  | { readonly kind: 'incomplete'; readonly netSpeechMs: number; readonly neededMs: number }
  | { readonly kind: 'refused'; readonly reasons: readonly EnrolmentRefusal[] };

/** Judges all stretches gathered so far as one enrolment. */
export function assessEnrolment(
  stretches: readonly EnrolmentStretch[],
  policy: Policy,
  model: ScoringModel,
): EnrolmentAssessment {
  const reasons = stretches.flatMap((stretch) => poorQuality(stretch, policy));
  const segments = stretches.flatMap((stretch) => stretch.embeddings);
  const agreement = agreementLlr(segments, model);
  if (agreement !== null && agreement < policy.enrolment.minAgreementLlr) {
    reasons.push({
      code: 'two-speakers',
      detail: `The speech falls into two parts that do not sound like one person (llr ${agreement.toFixed(1)}, at least ${policy.enrolment.minAgreementLlr} needed).`,
    });
  }
  if (reasons.length > 0) return { kind: 'refused', reasons };

  const netSpeechMs = stretches.reduce((sum, stretch) => sum + stretch.netSpeechMs, 0);
  const neededMs = policy.enrolment.minNetSpeechMs;
  const voiceprint = meanDirection(
    segments.map(({ embedding, netSpeechMs: weight }) => ({ embedding, weight })),
  );
  if (netSpeechMs < neededMs || voiceprint === null) return { kind: 'incomplete', netSpeechMs, neededMs };
  return { kind: 'complete', voiceprint, netSpeechMs };
}

function poorQuality({ quality, netSpeechMs }: EnrolmentStretch, policy: Policy): EnrolmentRefusal[] {
  if (netSpeechMs === 0) return [{ code: 'no-speech', detail: 'No speech was found.' }];
  return qualityRefusals(quality, policy);
}

/** What of the speech so far would have it refused. */
export function qualityRefusals(quality: SignalQuality, policy: Policy): EnrolmentRefusal[] {
  const limits = policy.quality;
  const reasons: EnrolmentRefusal[] = [];
  if (quality.speechLevelDbfs < limits.minSpeechLevelDbfs) {
    reasons.push({
      code: 'quality-too-quiet',
      detail: `Speech level ${quality.speechLevelDbfs.toFixed(0)} dBFS, at least ${limits.minSpeechLevelDbfs} needed.`,
    });
  }
  if (quality.snrDb !== null && quality.snrDb < limits.minSnrDb) {
    reasons.push({
      code: 'quality-noisy',
      detail: `Speech ${quality.snrDb.toFixed(0)} dB above the background, at least ${limits.minSnrDb} needed.`,
    });
  }
  if (quality.clippedShare > limits.maxClippedShare) {
    reasons.push({
      code: 'quality-clipped',
      detail: `${(quality.clippedShare * 100).toFixed(1)} % of the speech is clipped, at most ${limits.maxClippedShare * 100} % allowed.`,
    });
  }
  return reasons;
}

/** Blocks shorter than this say too little about a voice to be compared. */
const blockMs = 3000;
/** A second person must hold at least this many blocks to be told from one odd block. */
const minBlocks = 2;

/**
 * llr of the two halves into which the speech falls most readily (two-means seeded with its two least similar blocks);
 * null when there is too little to split. One person's halves agree; a dialogue's or a caller change's do not, however they
 * are interleaved.
 */
export function agreementLlr(segments: readonly EnrolmentSegment[], model: ScoringModel): number | null {
  const blocks = toBlocks(segments);
  if (blocks.length < 2 * minBlocks) return null;
  let seeds: [Float32Array, Float32Array] | null = null;
  let least = Infinity;
  blocks.forEach((a, i) => {
    for (const b of blocks.slice(i + 1)) {
      const similarity = dot(a, b);
      if (similarity < least) [least, seeds] = [similarity, [a, b]];
    }
  });
  let centres: [Float32Array, Float32Array] | null = seeds;
  let sizes: [number, number] = [0, 0];
  for (let round = 0; centres && round < 5; round++) {
    const [left, right]: [Float32Array, Float32Array] = centres;
    const isLeft = blocks.map((block) => dot(block, left) >= dot(block, right));
    const nextLeft = meanOf(blocks.filter((_, i) => isLeft[i]));
    const nextRight = meanOf(blocks.filter((_, i) => !isLeft[i]));
    const leftSize = isLeft.filter(Boolean).length;
    sizes = [leftSize, blocks.length - leftSize];
    centres = nextLeft && nextRight ? [nextLeft, nextRight] : null;
  }
  if (!centres || Math.min(...sizes) < minBlocks) return null;
  const scorer = new Scorer(model);
  const [shorter, longer] = centres
    .map((centre, i) => scorer.ready(centre, (sizes[i] ?? 0) * blockMs))
    .sort((a, b) => (a?.netSpeechMs ?? 0) - (b?.netSpeechMs ?? 0));
  return shorter && longer ? scorer.llr(longer, shorter, null) : null;
}

function meanOf(blocks: readonly Float32Array[]): Float32Array | null {
  return meanDirection(blocks.map((embedding) => ({ embedding, weight: 1 })));
}

function toBlocks(segments: readonly EnrolmentSegment[]): Float32Array[] {
  const blocks: Float32Array[] = [];
  let gathered: EnrolmentSegment[] = [];
  let gatheredMs = 0;
  for (const segment of segments) {
    gathered.push(segment);
    gatheredMs += segment.netSpeechMs;
    if (gatheredMs < blockMs) continue;
    const mean = meanDirection(
      gathered.map(({ embedding, netSpeechMs }) => ({ embedding, weight: netSpeechMs })),
    );
    if (mean) blocks.push(mean);
    gathered = [];
    gatheredMs = 0;
  }
  return blocks;
}
