import type { EnrolmentSegment, EnrolmentStretch } from '../speaker/enrolment.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import { unit } from '../speaker/vectors.js';

/** Speech kept segment by segment, for the case that the call's voice is put on a list. */
const keptMs = 60_000;

/**
 * One caller's voice over the whole call so far, as a mean direction. Nothing of it is forgotten while the caller stays the same:
 * a window that forgets would try its luck anew every so often, and false alarms would grow with the length of the call.
 */
export class ScreeningEvidence {
  private sum: Float32Array | null = null;
  private segments: EnrolmentSegment[] = [];
  private quality: SignalQuality | null = null;
  private totalMs = 0;
  private firstMs = 0;
  private lastMs = 0;

  /** `netSpeechMs`: what the segment adds; neighbours overlap. */
  add(
    segment: EnrolmentSegment & { readonly startMs: number; readonly endMs: number },
    quality: SignalQuality,
  ): void {
    const { embedding, netSpeechMs, startMs, endMs } = segment;
    if (netSpeechMs <= 0) return;
    const sum = this.sum ?? new Float32Array(embedding.length);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + netSpeechMs * (embedding[i] ?? 0);
    if (this.sum === null) this.firstMs = startMs;
    this.sum = sum;
    this.totalMs += netSpeechMs;
    this.lastMs = endMs;
    this.quality = quality;
    this.segments.push({ embedding: embedding.slice(), netSpeechMs });
    let heldMs = this.segments.reduce((held, kept) => held + kept.netSpeechMs, 0);
    while (heldMs > keptMs) {
      const oldest = this.segments.shift();
      heldMs -= oldest?.netSpeechMs ?? heldMs;
      oldest?.embedding.fill(0);
    }
  }

  get netSpeechMs(): number {
    return this.totalMs;
  }

  get span(): { readonly startMs: number; readonly endMs: number } {
    return { startMs: this.firstMs, endMs: this.lastMs };
  }

  /** A fresh vector, the caller's to wipe. */
  direction(): Float32Array | null {
    return this.sum && unit(this.sum);
  }

  /** A copy of the latest speech, the caller's to wipe; null before there is any. */
  stretch(): EnrolmentStretch | null {
    if (this.quality === null || this.segments.length === 0) return null;
    const embeddings = this.segments.map(({ embedding, netSpeechMs }) => ({
      embedding: embedding.slice(),
      netSpeechMs,
    }));
    const netSpeechMs = embeddings.reduce((sum, segment) => sum + segment.netSpeechMs, 0);
    return { embeddings, netSpeechMs, quality: this.quality };
  }

  clear(): void {
    this.sum?.fill(0);
    for (const { embedding } of this.segments) embedding.fill(0);
    this.sum = null;
    this.segments = [];
    this.totalMs = 0;
  }
}
