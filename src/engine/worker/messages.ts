import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { SpeechDecision } from '../../core/speech/speech-decider.js';
import type { AnalysisEvent, ModelDescription, SegmentEmbedding } from '../engine.port.js';

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly modelDir: string;
  readonly previousModelDirs: readonly string[];
  readonly segment: ModelDescription['segment'];
  readonly speech: SpeechDecision;
}

/** What a stream consists of, in the order it came. */
export type StreamItem =
  | { readonly kind: 'audio'; readonly bytes: Uint8Array<ArrayBuffer>; readonly arrivedAtMs: number }
  | { readonly kind: 'gap'; readonly durationMs: number }
  | { readonly kind: 'flush'; readonly arrivedAtMs: number };

/** Where a stream goes on after its worker died. */
export interface StreamStart {
  readonly positionMs: number;
  readonly netSpeechMs: number;
}

export type ToWorker =
  | {
      readonly kind: 'open';
      readonly stream: number;
      readonly format: StreamFormat;
      readonly start: StreamStart;
      readonly models: readonly string[];
      readonly evidenceWindowMs: number | undefined;
    }
  | { readonly kind: 'forget-before'; readonly stream: number; readonly positionMs: number }
  | { readonly kind: 'use-models'; readonly stream: number; readonly models: readonly string[] }
  /** Of many streams at once: a message of its own for each packet costs more than what is done with it. */
  | {
      readonly kind: 'items';
      readonly items: readonly { readonly stream: number; readonly item: StreamItem }[];
    }
  | { readonly kind: 'close'; readonly stream: number }
  /** The thread finishes the run it is in, tells no more and ends. */
  | { readonly kind: 'leave' };

/** Latency is worked out by the thread that stamped the arrival: clocks of two threads need not agree. */
export type WorkerSegment = Omit<SegmentEmbedding, 'latencyMs'> & { readonly arrivedAtMs: number };
export type WorkerEvent = Extract<AnalysisEvent, { kind: 'progress' }> | WorkerSegment;

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'outputs'; readonly outputs: readonly StreamOutputs[] };

/** `itemsDone` more of the stream's items are finished, and these are all their events. */
export interface StreamOutputs {
  readonly stream: number;
  readonly events: readonly WorkerEvent[];
  readonly itemsDone: number;
}
