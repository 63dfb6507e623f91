import type { EvidenceSegment } from './evidence-segment.js';
import { findHandOver, type HandOver, type HandOverRule, type SplitSide } from './hand-over.js';
import { steadinessOf, type Steadiness } from './steadiness.js';
import { meanDirection } from './vectors.js';

/**
 * Evidence of one voice over a window of net speech that forgets. The embeddings of the window are averaged, and the mean is
 * what is scored: overlapping and neighbouring segments depend on each other, so adding up their llr would count the same
 * speech several times, whereas a mean only grows surer as far as the voice itself becomes clearer.
 */
export class EvidenceWindow {
  private segments: EvidenceSegment[] = [];

  constructor(private readonly windowNetSpeechMs: number) {}

  add(segment: EvidenceSegment): void {
    this.segments.push(segment);
    const oldest = segment.totalNetSpeechMs - this.windowNetSpeechMs;
    this.segments = this.segments.filter((kept) => kept.totalNetSpeechMs > oldest);
  }

  direction(): Float32Array | null {
    return meanDirection(
      this.segments.map(({ embedding, newNetSpeechMs }) => ({ embedding, weight: newNetSpeechMs })),
    );
  }

  /** Net speech that the direction is made of. */
  netSpeechMs(): number {
    return this.segments.reduce((sum, { newNetSpeechMs }) => sum + newNetSpeechMs, 0);
  }

  steadiness(): Steadiness | null {
    return steadinessOf(this.segments);
  }

  /** Whether the voice changed within the window; what came before a change is forgotten. */
  splitAtHandOver(
    segmentMs: number,
    llr: (before: SplitSide, after: SplitSide) => number,
    rule: HandOverRule,
  ): HandOver | null {
    const found = findHandOver(this.segments, segmentMs, llr, rule);
    if (!found) return null;
    const isAfter = ({ totalNetSpeechMs }: EvidenceSegment): boolean =>
      totalNetSpeechMs - segmentMs >= found.totalNetSpeechMs;
    for (const segment of this.segments) if (!isAfter(segment)) segment.embedding.fill(0);
    this.segments = this.segments.filter(isAfter);
    return found;
  }

  span(): { startMs: number; endMs: number } | null {
    const first = this.segments[0];
    const last = this.segments.at(-1);
    return first && last ? { startMs: first.startMs, endMs: last.endMs } : null;
  }

  /** Copies, for the caller to wipe. */
  copy(): EvidenceSegment[] {
    return this.segments.map((segment) => ({ ...segment, embedding: segment.embedding.slice() }));
  }

  /** What was derived from the voice is overwritten, not merely let go. */
  clear(): void {
    for (const { embedding } of this.segments) embedding.fill(0);
    this.segments = [];
  }
}
