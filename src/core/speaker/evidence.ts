import type { EvidenceSegment } from './evidence-segment.js';
import {
  findCallerChange,
  isAfter,
  type FoundCallerChange,
  type CallerChangeRule,
  type SplitSide,
} from './caller-change.js';
import { earlyLikeness, steadinessOf, type Steadiness } from './steadiness.js';
import { meanDirection } from './vectors.js';

/** What the direction is a mean of. */
interface Part {
  readonly embedding: Float32Array;
  /** Stream time of the last speech in it. */
  readonly endMs: number;
  readonly totalNetSpeechMs: number;
  readonly weight: number;
}

/** Stretches that follow each other still share part of a front-end frame. */
const sharedMs = 25;

/**
 * Evidence of one voice over a window of net speech that forgets. Where the model makes one embedding of all the window's
 * speech, that one is scored. Otherwise, and for what it does not reach back to (heard by another process, or before a worker
 * died), the embeddings are averaged by the speech they stand for: overlapping and neighbouring segments depend on each other,
 * so adding up their llr would count the same speech several times, whereas a mean only grows surer as far as the voice itself
 * becomes clearer.
 */
export class EvidenceWindow {
  private segments: EvidenceSegment[] = [];
  private parts: Part[] = [];

  constructor(
    private readonly windowNetSpeechMs: number,
    /** Embeddings of speech before this stream time are of another voice, or were to be destroyed. */
    private sinceMs = 0,
  ) {}

  add(segment: EvidenceSegment): void {
    this.segments.push(segment);
    const oldest = segment.totalNetSpeechMs - this.windowNetSpeechMs;
    this.segments = this.segments.filter((kept) => kept.totalNetSpeechMs > oldest);
    const { evidence, endMs, totalNetSpeechMs } = segment;
    if (evidence && evidence.startMs + sharedMs >= this.sinceMs) {
      const { embedding, netSpeechMs: weight } = evidence;
      this.parts = this.parts.filter((part) => part.endMs <= evidence.startMs + sharedMs);
      this.parts.push({ embedding, endMs, totalNetSpeechMs, weight });
    } else this.parts.push(partOf(segment));
    this.parts = this.parts.filter((part) => part.totalNetSpeechMs > oldest);
  }

  direction(): Float32Array | null {
    return meanDirection(this.parts);
  }

  /** Stream time before which nothing counts. */
  get countsFromMs(): number {
    return this.sinceMs;
  }

  /** Net speech that the direction is made of. */
  netSpeechMs(): number {
    return this.segments.reduce((sum, { newNetSpeechMs }) => sum + newNetSpeechMs, 0);
  }

  steadiness(): Steadiness | null {
    return steadinessOf(this.segments);
  }

  earlyLikeness(): number | null {
    return earlyLikeness(this.segments);
  }

  /** Whether the voice changed within the window; what came before a change is forgotten. */
  splitAtCallerChange(
    llr: (before: SplitSide, after: SplitSide) => number,
    rule: CallerChangeRule,
  ): FoundCallerChange | null {
    const found = findCallerChange(this.segments, llr, rule);
    if (!found) return null;
    const isKept = (segment: EvidenceSegment): boolean => isAfter(segment, found.totalNetSpeechMs);
    for (const segment of this.segments) if (!isKept(segment)) wipe(segment);
    this.segments = this.segments.filter(isKept);
    this.parts = this.segments.map(partOf);
    this.sinceMs = found.atMs;
    return found;
  }

  span(): { startMs: number; endMs: number } | null {
    const first = this.segments[0];
    const last = this.segments.at(-1);
    return first && last ? { startMs: first.startMs, endMs: last.endMs } : null;
  }

  /** Copies, for the caller to wipe. */
  copy(): EvidenceSegment[] {
    return this.segments.map(
      ({ embedding, startMs, endMs, netSpeechMs, totalNetSpeechMs, newNetSpeechMs }) => ({
        embedding: embedding.slice(),
        startMs,
        endMs,
        netSpeechMs,
        totalNetSpeechMs,
        newNetSpeechMs,
      }),
    );
  }

  /** What was derived from the voice is overwritten, not merely let go. */
  clear(): void {
    this.segments.forEach(wipe);
    this.segments = [];
    this.parts = [];
  }
}

function partOf({ embedding, endMs, totalNetSpeechMs, newNetSpeechMs }: EvidenceSegment): Part {
  return { embedding, endMs, totalNetSpeechMs, weight: newNetSpeechMs };
}

function wipe({ embedding, evidence }: EvidenceSegment): void {
  embedding.fill(0);
  evidence?.embedding.fill(0);
}
