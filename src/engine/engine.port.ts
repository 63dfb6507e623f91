import type { StreamFormat } from '../core/audio/stream-format.js';
import type { CalibrationProvenance } from '../core/features/manifest.js';
import type { WindowEvidence } from '../core/speaker/evidence-segment.js';
import type { ScoringModel } from '../core/speaker/scoring.js';
import type { ImpostorTail } from '../core/watchlist/impostor-tail.js';
import type { SignalQuality } from '../core/speech/signal-quality.types.js';

export type { SignalQuality } from '../core/speech/signal-quality.types.js';

/** The one door to the analysis worker threads. Nothing biometric happens before `open`: callers ask the consent gate first. */
export interface AnalysisEngine {
  /** The current model: voiceprints are made with it. */
  readonly model: ModelDescription;
  /** All that are loaded, the current one first: the others still verify who was enrolled with them. */
  readonly models: readonly [ModelDescription, ...ModelDescription[]];
  /** Starts analysing one stream, on one worker for its whole life (on its successor, or another one, if that worker dies). */
  open(request: AnalysisRequest, listener: (event: AnalysisEvent) => void): AnalysisStream;
  /** Streams open now, audio waiting, worker restarts: for metrics and health. */
  status(): EngineStatus;
}

export const ANALYSIS_ENGINE = Symbol('AnalysisEngine');

export interface ModelDescription extends ScoringModel {
  readonly embeddingSize: number;
  /** Fitted for this very model; where it comes from is not known of one that no manifest holds. */
  readonly calibration: ScoringModel['calibration'] & Partial<CalibrationProvenance>;
  /** Undefined: nobody has measured it, so no voice may be held against a watchlist. */
  readonly impostorTail?: ImpostorTail | undefined;
  readonly segment: { readonly lengthMs: number; readonly hopMs: number };
}

export interface AnalysisRequest {
  readonly format: StreamFormat;
  /** Live streams drop their oldest waiting audio past this much and say so; 0 means never drop (uploads). */
  readonly maxWaitingMs: number;
  /** Ids of the models whose embeddings are wanted; without it the current one's. */
  readonly models?: readonly string[];
  /** Net speech that the evidence beside each segment is of at most; without it none is made. */
  readonly evidenceWindowMs?: number;
}

export interface AnalysisStream {
  /** Whole interleaved frames in the stream's format; the buffer is copied or moved, never kept by the caller. */
  push(bytes: Uint8Array): void;
  /** Audio missing for this long: stream time goes on, no speech is counted. */
  lost(durationMs: number): void;
  /** From here on embeddings of these models are wanted; audio, speech and what is half gathered go on. */
  useModels(modelIds: readonly string[]): void;
  /** What was heard before this stream time is another's: evidence is made of what came after it alone. */
  forgetBefore(positionMs: number): void;
  /** Resolves after every event of what was pushed has been delivered. */
  flush(): Promise<void>;
  /** Stops at once: waiting audio, features and embeddings of this stream are dropped, no event comes after. Safe to call twice. */
  close(): void;
}

export type AnalysisEvent =
  | {
      readonly kind: 'progress';
      readonly positionMs: number;
      readonly netSpeechMs: number;
      readonly quality: SignalQuality;
    }
  | SegmentEmbedding
  | { readonly kind: 'dropped'; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly message: string };

/** One model's embedding of `netSpeechMs` of speech, taken every hop of new net speech; neighbours overlap when hop < length. */
export interface SegmentEmbedding {
  readonly kind: 'segment';
  readonly modelId: string;
  /** L2-normalised. */
  readonly embedding: Float32Array;
  /** Stream time of the first and last speech in it. */
  readonly startMs: number;
  readonly endMs: number;
  readonly netSpeechMs: number;
  /** Net speech of the whole stream when this was taken. */
  readonly totalNetSpeechMs: number;
  readonly quality: SignalQuality;
  /** Of models that hear each frame once, where a window was asked for. */
  readonly evidence?: WindowEvidence;
  /** Milliseconds between the arrival of the last audio it needed and this event. */
  readonly latencyMs: number;
}

export interface EngineStatus {
  readonly workers: number;
  readonly streams: number;
  readonly waitingMs: number;
  readonly workerRestarts: number;
}
