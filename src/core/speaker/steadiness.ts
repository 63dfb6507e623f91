import { dot } from './vectors.js';

export interface TimedEmbedding {
  readonly embedding: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
}

export interface Steadiness {
  /** Mean cosine of each segment with the newest one before it that shares no speech with it. */
  readonly likeness: number;
  readonly pairs: number;
}

/**
 * How far one pair of a single speaker may lie from the mean of all: two standard deviations (0.12 over 1,518 pairs of
 * telephone-dev), so that a few odd pairs of several voices do not pass for one.
 */
const spread = 0.25;
/** From so many pairs on, too little likeness speaks for several voices; before, it only fails to speak for one. */
const enoughPairs = 3;
/** As many of the newest pairs count: about ten seconds of net speech. */
const comparedPairs = 10;
/** Segments that follow each other still share part of a front-end frame. */
const sharedMs = 25;

/**
 * How much the newest stretches of a call sound like one voice. Several voices at once (a television, a full room) give
 * embeddings that wander; one person's stay together. Only neighbours are compared, so that a call whose caller changes is
 * unsteady for a few seconds and no longer.
 */
export function steadinessOf(segments: readonly TimedEmbedding[]): Steadiness | null {
  let sum = 0;
  let pairs = 0;
  for (let i = segments.length - 1; i > 0 && pairs < comparedPairs; i--) {
    const segment = segments[i];
    const before = segments
      .slice(0, i)
      .findLast((other) => segment && other.endMs <= segment.startMs + sharedMs);
    if (!segment || !before) break;
    sum += dot(segment.embedding, before.embedding);
    pairs += 1;
  }
  return pairs === 0 ? null : { likeness: sum / pairs, pairs };
}

/** Sure enough that one person speaks: the fewer pairs, the clearer they must be. */
export function isOneVoice(steadiness: Steadiness | null, minLikeness: number): boolean {
  return steadiness !== null && steadiness.likeness >= minLikeness + spread / Math.sqrt(steadiness.pairs);
}

/**
 * Stretches that share a third of their speech are so much more alike: of one person about 87 in 100 lie above 0.62 then, of
 * three people at once 20, of six 6 (timbre-sv-8k-v1, 532, 63 and 71 pairs).
 */
const likerByShare = 0.17;

/**
 * Likeness of the newest stretch with the newest one before it that shares at most a third of its time: for the first seconds, in
 * which no two stretches are apart yet. Null while there is none.
 */
export function earlyLikeness(segments: readonly TimedEmbedding[]): number | null {
  const newest = segments.at(-1);
  if (!newest) return null;
  const sharedAtMostMs = (newest.endMs - newest.startMs) / 3 + sharedMs;
  const before = segments.slice(0, -1).findLast((other) => other.endMs - newest.startMs <= sharedAtMostMs);
  return before === undefined ? null : dot(newest.embedding, before.embedding);
}

/** For the first seconds alone: sure enough that one person speaks, until stretches that are apart say otherwise. */
export function isLikelyOneVoice(early: number | null, minLikeness: number): boolean {
  return early !== null && early >= minLikeness + likerByShare;
}

/** However few pairs there are. */
export function isUnsteady(steadiness: Steadiness | null, minLikeness: number): boolean {
  return steadiness !== null && steadiness.likeness < minLikeness;
}

export function isSeveralVoices(steadiness: Steadiness | null, minLikeness: number): boolean {
  return steadiness !== null && steadiness.pairs >= enoughPairs && steadiness.likeness < minLikeness;
}
