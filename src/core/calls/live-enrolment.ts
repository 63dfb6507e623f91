import type { SignalQuality } from '../speech/signal-quality.types.js';
import type { EnrolmentSegment, EnrolmentStretch } from '../speaker/enrolment.js';

/** Gathers one call's speech towards an enrolment. */
export class LiveEnrolment {
  private segments: EnrolmentSegment[] = [];
  private netSpeechMs = 0;
  private quality: SignalQuality | null = null;

  /** `neededMs`: what is still missing of the policy's net speech, earlier stretches taken into account. */
  constructor(readonly neededMs: number) {}

  /** True when this segment was the last one needed; what comes after is not gathered. */
  add(segment: EnrolmentSegment, quality: SignalQuality): boolean {
    if (this.isComplete) return false;
    this.segments.push(segment);
    this.netSpeechMs += segment.netSpeechMs;
    this.quality = quality;
    return this.isComplete;
  }

  get progress(): { readonly netSpeechMs: number; readonly neededMs: number } {
    return { netSpeechMs: this.netSpeechMs, neededMs: this.neededMs };
  }

  get isComplete(): boolean {
    return this.netSpeechMs >= this.neededMs;
  }

  /** What was gathered, once; null when there was no speech. */
  take(): EnrolmentStretch | null {
    if (!this.quality || this.segments.length === 0) return null;
    const stretch = { embeddings: this.segments, netSpeechMs: this.netSpeechMs, quality: this.quality };
    this.segments = [];
    return stretch;
  }

  forget(): void {
    for (const { embedding } of this.segments) embedding.fill(0);
    this.segments = [];
    this.netSpeechMs = 0;
  }
}
