import type { StreamFormat } from '../../../core/audio/stream-format.js';
import type { AudioTally } from '../../../core/calls/audio-tally.js';
import type { PlacedAudio } from '../../../core/calls/waiting-audio.js';
import type { SignalQuality } from '../../../core/speech/signal-quality.types.js';
import type {
  AnalysisEngine,
  AnalysisEvent,
  AnalysisStream,
  SegmentEmbedding,
} from '../../../engine/engine.port.js';

/** A segment placed in its call: times and net speech count from the call's own start. */
export interface CallSegment extends SegmentEmbedding {
  /** Net speech since the segment before: neighbours overlap, so this is what the segment adds. */
  readonly newNetSpeechMs: number;
}

export interface AnalysisListener {
  progress(netSpeechMs: number, quality: SignalQuality): void;
  segment(segment: CallSegment): void;
  dropped(durationMs: number): void;
  failed(): void;
}

/** One stream of the engine; a call has another one when its audio comes in another format than before. */
interface Run {
  readonly stream: AnalysisStream;
  readonly format: StreamFormat;
  /** Time in the call at which the stream began: its positions count from there. */
  readonly baseMs: number;
  /** Time in the call up to which the stream has been fed. */
  fedUntilMs: number;
  netSpeechMs: number;
  /** Net speech of this stream up to the last segment, of each model on its own. */
  readonly segmentedMs: Map<string, number>;
}

/** A call's way through the engine: what is pushed has passed the gate. Opens the engine's stream when it is first needed. */
export class CallAnalysis {
  /** The last one is fed; those before it are finishing what they were given. */
  private runs: Run[] = [];
  /** Net speech that another process heard of the call. */
  private earlierNetSpeechMs = 0;
  private models: readonly string[];
  /** Time in the call before which nothing counts as evidence. */
  private countsFromMs = 0;

  constructor(
    private readonly engine: AnalysisEngine,
    private readonly maxWaitingMs: number,
    private readonly evidenceWindowMs: number,
    private readonly tally: AudioTally,
    private readonly listener: AnalysisListener,
  ) {
    this.models = [engine.model.id];
  }

  /** From here on embeddings of these models are wanted. */
  useModels(models: readonly string[]): void {
    if (models.join() === this.models.join()) return;
    this.models = models;
    this.runs.at(-1)?.stream.useModels(models);
  }

  /** What was heard before this time in the call is another's. */
  forgetBefore(positionMs: number): void {
    if (positionMs <= this.countsFromMs) return;
    this.countsFromMs = positionMs;
    const run = this.runs.at(-1);
    if (run && run.baseMs < positionMs) run.stream.forgetBefore(positionMs - run.baseMs);
  }

  push({ bytes, ms, positionMs, format }: PlacedAudio): void {
    const run = this.runFor(format, positionMs);
    const missingMs = positionMs - run.fedUntilMs;
    // Less than a millisecond is rounding.
    if (missingMs >= 1) {
      run.stream.lost(missingMs);
      run.fedUntilMs += missingMs;
    }
    run.stream.push(bytes);
    run.fedUntilMs += ms;
    this.tally.count({ analysedMs: ms });
  }

  /** Everything pushed is analysed before this resolves. */
  async flush(): Promise<void> {
    await Promise.all(this.runs.map(({ stream }) => stream.flush()));
  }

  /** Stops at once. What is pushed later begins afresh. */
  close(): void {
    for (const { stream } of this.runs) stream.close();
    this.runs = [];
    this.earlierNetSpeechMs = 0;
  }

  /** The call goes on here with what another process has heard. */
  goOnFrom(netSpeechMs: number): void {
    this.earlierNetSpeechMs = netSpeechMs;
  }

  private runFor(format: StreamFormat, positionMs: number): Run {
    const before = this.runs.at(-1);
    if (before && sameFormat(before.format, format)) return before;
    if (before)
      void before.stream.flush().finally(() => {
        before.stream.close();
      });
    const { engine, maxWaitingMs, models, evidenceWindowMs } = this;
    const run: Run = {
      stream: engine.open({ format, maxWaitingMs, models, evidenceWindowMs }, (event) => {
        this.on(run, event);
      }),
      format,
      baseMs: positionMs,
      fedUntilMs: positionMs,
      netSpeechMs: 0,
      segmentedMs: new Map(),
    };
    this.runs.push(run);
    return run;
  }

  private on(run: Run, event: AnalysisEvent): void {
    switch (event.kind) {
      case 'progress':
        run.netSpeechMs = event.netSpeechMs;
        this.listener.progress(this.netSpeechMs, event.quality);
        return;
      case 'segment':
        this.listener.segment(this.place(run, event));
        return;
      case 'dropped':
        this.tally.count({ droppedMs: event.durationMs, analysedMs: -event.durationMs });
        this.listener.dropped(event.durationMs);
        return;
      case 'failed':
        this.listener.failed();
        return;
    }
  }

  private place(run: Run, event: SegmentEmbedding): CallSegment {
    const sinceLastMs = event.totalNetSpeechMs - (run.segmentedMs.get(event.modelId) ?? 0);
    // A model that was asked for later has not heard what came before its first segment.
    const newNetSpeechMs = Math.min(Math.max(0, sinceLastMs), event.netSpeechMs);
    run.segmentedMs.set(event.modelId, event.totalNetSpeechMs);
    run.netSpeechMs = event.totalNetSpeechMs;
    const [startMs, endMs] = [event.startMs + run.baseMs, event.endMs + run.baseMs];
    const placed = { ...event, startMs, endMs, totalNetSpeechMs: this.netSpeechMs, newNetSpeechMs };
    const { evidence } = event;
    if (!evidence) return placed;
    return { ...placed, evidence: { ...evidence, startMs: evidence.startMs + run.baseMs } };
  }

  private get netSpeechMs(): number {
    return this.runs.reduce((sum, run) => sum + run.netSpeechMs, this.earlierNetSpeechMs);
  }
}

function sameFormat(a: StreamFormat, b: StreamFormat): boolean {
  return (
    a.encoding === b.encoding &&
    a.sampleRateHz === b.sampleRateHz &&
    a.channels === b.channels &&
    a.callerChannel === b.callerChannel
  );
}
