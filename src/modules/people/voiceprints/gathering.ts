import type { EnrolmentSegment, EnrolmentStretch } from '../../../core/speaker/enrolment.js';
import type { AnalysisEvent, SignalQuality } from '../../../engine/engine.port.js';

export type GatheredResult =
  | { readonly kind: 'analysed'; readonly stretch: EnrolmentStretch }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed' };

/** What the engine tells of one recording, or of one person at a microphone. */
export class Gathering {
  private readonly segments: EnrolmentSegment[] = [];
  private gatheredMs = 0;
  private heardUpToMs = 0;
  private quality: SignalQuality | undefined;
  private ended: 'stopped' | 'failed' | undefined;
  private waiting: { readonly positionMs: number; readonly resolve: () => void } | undefined;

  /** Speech that has become segments. */
  get netSpeechMs(): number {
    return this.gatheredMs;
  }

  get positionMs(): number {
    return this.heardUpToMs;
  }

  goesOn(): boolean {
    return this.ended === undefined;
  }

  take(event: AnalysisEvent): void {
    switch (event.kind) {
      case 'progress':
        this.heardUpToMs = event.positionMs;
        this.quality = event.quality;
        this.wake();
        return;
      case 'segment':
        // Neighbours overlap: what counts is the speech that this one adds.
        this.segments.push({
          embedding: event.embedding,
          netSpeechMs: event.totalNetSpeechMs - this.gatheredMs,
        });
        this.gatheredMs = event.totalNetSpeechMs;
        this.quality = event.quality;
        return;
      case 'dropped':
        // A worker died with some of the recording: half an enrolment would pass for a whole one.
        this.end('failed');
        return;
      case 'failed':
        this.end('failed');
    }
  }

  end(how: 'stopped' | 'failed'): void {
    this.ended ??= how;
    this.wake();
  }

  /** Resolves when the engine has come this far, or will come no further. */
  reached(positionMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.waiting = { positionMs, resolve };
      this.wake();
    });
  }

  result(): GatheredResult {
    if (this.ended !== undefined) {
      for (const { embedding } of this.segments) embedding.fill(0);
      return { kind: this.ended };
    }
    const quality = this.quality ?? {
      speechLevelDbfs: -Infinity,
      snrDb: null,
      clippedShare: 0,
      concealedShare: 0,
    };
    return {
      kind: 'analysed',
      stretch: { embeddings: this.segments, netSpeechMs: this.gatheredMs, quality },
    };
  }

  private wake(): void {
    const waiting = this.waiting;
    if (waiting === undefined || (this.goesOn() && this.heardUpToMs < waiting.positionMs)) return;
    this.waiting = undefined;
    waiting.resolve();
  }
}
