import type { EvidenceSegment } from './evidence-segment.js';
import { meanDirection } from './vectors.js';

/** One side of a split: the voice of its segments and the net speech they stand for. */
export interface SplitSide {
  readonly direction: Float32Array;
  readonly netSpeechMs: number;
}

export interface CallerChangeRule {
  /** Two sides whose llr of being one person lies below this are two people. */
  readonly changeLlr: number;
  /** Net speech that each side must have. */
  readonly minSideMs: number;
}

export interface FoundCallerChange {
  /** Stream time of the last speech before the change. */
  readonly atMs: number;
  readonly llr: number;
  /** Net speech of the stream at the change. */
  readonly totalNetSpeechMs: number;
}

/**
 * Whether the voice changed within these segments: a generalised likelihood ratio test. Every moment that leaves enough
 * speech on both sides is tried; the one whose sides are least alike is the likeliest change (Siegmund, Sequential Analysis,
 * 1985, ch. 2; for speakers: Ajmera et al., Robust speaker change detection, 2004). A segment that reaches over the moment
 * holds both voices and is on neither side.
 */
export function findCallerChange(
  segments: readonly EvidenceSegment[],
  llr: (before: SplitSide, after: SplitSide) => number,
  rule: CallerChangeRule,
): FoundCallerChange | null {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) return null;
  const beganMs = first.totalNetSpeechMs - first.netSpeechMs;
  let likeliest: FoundCallerChange | null = null;
  for (const [i, { totalNetSpeechMs: atNetMs, endMs }] of segments.entries()) {
    if (atNetMs - beganMs < rule.minSideMs) continue;
    if (last.totalNetSpeechMs - atNetMs < rule.minSideMs) break;
    const before = sideOf(segments.slice(0, i + 1), atNetMs - beganMs);
    const after = sideOf(
      segments.filter((segment) => isAfter(segment, atNetMs)),
      last.totalNetSpeechMs - atNetMs,
    );
    if (!before || !after) continue;
    const alike = llr(before, after);
    if (alike < (likeliest?.llr ?? rule.changeLlr)) {
      likeliest = { atMs: endMs, llr: alike, totalNetSpeechMs: atNetMs };
    }
    before.direction.fill(0);
    after.direction.fill(0);
  }
  return likeliest;
}

/** All of its speech came after so much net speech of the stream. */
export function isAfter({ totalNetSpeechMs, netSpeechMs }: EvidenceSegment, atNetMs: number): boolean {
  return totalNetSpeechMs - netSpeechMs >= atNetMs;
}

function sideOf(segments: readonly EvidenceSegment[], netSpeechMs: number): SplitSide | null {
  const direction = meanDirection(
    segments.map(({ embedding, newNetSpeechMs }) => ({ embedding, weight: newNetSpeechMs })),
  );
  return direction && { direction, netSpeechMs };
}
