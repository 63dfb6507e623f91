import { Inject, Injectable } from '@nestjs/common';
import { bytesPerFrame, durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { EnrolmentSegment, EnrolmentStretch } from '../../core/speaker/enrolment.js';
import {
  ANALYSIS_ENGINE,
  type AnalysisEngine,
  type AnalysisEvent,
  type SignalQuality,
} from '../../engine/engine.port.js';

export type UploadAnalysisResult =
  | { readonly kind: 'analysed'; readonly stretch: EnrolmentStretch }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed' };

const CHUNK_MS = 2000;
/** Audio handed to the engine that it has not finished: enough to keep a worker busy, little enough to leave room for live calls. */
const AHEAD_MS = 10_000;

/** Runs one recording through the engine. Asks nobody for consent: who calls it has. */
@Injectable()
export class UploadAnalysis {
  constructor(@Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine) {}

  /** `stop` ends it at once, and nothing of the voice is left. */
  async run(format: StreamFormat, data: Uint8Array, stop: AbortSignal): Promise<UploadAnalysisResult> {
    const gathering = new Gathering();
    const stream = this.engine.open({ format, maxWaitingMs: 0 }, (event) => {
      gathering.take(event);
    });
    const onStop = (): void => {
      gathering.end('stopped');
      stream.close();
    };
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    try {
      const chunkBytes = Math.floor((format.sampleRateHz * CHUNK_MS) / 1000) * bytesPerFrame(format);
      for (let from = 0; from < data.length && gathering.goesOn(); from += chunkBytes) {
        await gathering.reached(durationMs(from, format) - AHEAD_MS);
        if (gathering.goesOn()) stream.push(data.slice(from, from + chunkBytes));
      }
      // Flushing cuts what is left into a last segment, so it is done once and at the end.
      if (gathering.goesOn()) await stream.flush();
      return gathering.result();
    } finally {
      stop.removeEventListener('abort', onStop);
      stream.close();
    }
  }
}

/** What the engine tells of one recording. */
class Gathering {
  readonly #segments: EnrolmentSegment[] = [];
  #netSpeechMs = 0;
  #positionMs = 0;
  #quality: SignalQuality | undefined;
  #ended: 'stopped' | 'failed' | undefined;
  #waiting: { readonly positionMs: number; readonly resolve: () => void } | undefined;

  goesOn(): boolean {
    return this.#ended === undefined;
  }

  take(event: AnalysisEvent): void {
    switch (event.kind) {
      case 'progress':
        this.#positionMs = event.positionMs;
        this.#quality = event.quality;
        this.#wake();
        return;
      case 'segment':
        // Neighbours overlap: what counts is the speech that this one adds.
        this.#segments.push({
          embedding: event.embedding,
          netSpeechMs: event.totalNetSpeechMs - this.#netSpeechMs,
        });
        this.#netSpeechMs = event.totalNetSpeechMs;
        this.#quality = event.quality;
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
    this.#ended ??= how;
    this.#wake();
  }

  /** Resolves when the engine has come this far, or will come no further. */
  reached(positionMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting = { positionMs, resolve };
      this.#wake();
    });
  }

  result(): UploadAnalysisResult {
    if (this.#ended !== undefined) {
      for (const { embedding } of this.#segments) embedding.fill(0);
      return { kind: this.#ended };
    }
    const quality = this.#quality ?? {
      speechLevelDbfs: -Infinity,
      snrDb: null,
      clippedShare: 0,
      concealedShare: 0,
    };
    return {
      kind: 'analysed',
      stretch: { embeddings: this.#segments, netSpeechMs: this.#netSpeechMs, quality },
    };
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || (this.goesOn() && this.#positionMs < waiting.positionMs)) return;
    this.#waiting = undefined;
    waiting.resolve();
  }
}
