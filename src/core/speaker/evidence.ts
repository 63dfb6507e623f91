import { meanDirection } from './vectors.js';

export interface EvidenceSegment {
  readonly embedding: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
  /** Net speech of the stream when the segment was taken. */
  readonly totalNetSpeechMs: number;
  /** Net speech since the segment before: neighbours overlap, so this is what the segment adds. */
  readonly newNetSpeechMs: number;
}

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

  span(): { startMs: number; endMs: number } | null {
    const first = this.segments[0];
    const last = this.segments.at(-1);
    return first && last ? { startMs: first.startMs, endMs: last.endMs } : null;
  }

  /** What was derived from the voice is overwritten, not merely let go. */
  clear(): void {
    for (const { embedding } of this.segments) embedding.fill(0);
    this.segments = [];
  }
}
