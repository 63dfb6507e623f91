import { bytesPerFrame } from '../core/audio/stream-format.js';
import type { AnalysisEvent, AnalysisRequest, AnalysisStream } from './engine.port.js';
import { StreamQueue } from './stream-queue.js';
import type { StreamItem, StreamStart, ToWorker, WorkerEvent } from './worker/messages.js';

/** What a stream needs of the worker it is on. */
export interface WorkerLine {
  post(message: ToWorker): void;
  /** This stream has something for the worker, which is asked for with others'. */
  hasItems(stream: EngineStream): void;
}

/** The main thread's end of one stream: takes bytes, passes them on as the worker finishes what it has, hands out events. */
export class EngineStream implements AnalysisStream {
  private readonly queue: StreamQueue;
  private readonly frameBytes: number;
  private line: WorkerLine | undefined;
  private state: 'open' | 'failed' | 'closed' = 'open';
  private netSpeechMs = 0;
  private isHeldBack = false;
  private models: readonly string[];

  constructor(
    readonly id: number,
    private readonly request: AnalysisRequest,
    /** Ids of all models of the engine, the current one first. */
    private readonly loaded: readonly string[],
    private readonly listener: (event: AnalysisEvent) => void,
    private readonly onClosed: (stream: EngineStream) => void,
  ) {
    this.models = wanted(request.models ?? loaded.slice(0, 1), loaded);
    this.queue = new StreamQueue(request.format, request.maxWaitingMs);
    this.frameBytes = bytesPerFrame(request.format);
  }

  get waitingMs(): number {
    return this.queue.waitingMs;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) throw new RangeError('no audio: 0 bytes were pushed');
    if (bytes.length % this.frameBytes !== 0) {
      throw new RangeError(`${bytes.length} bytes are no whole number of ${this.frameBytes}-byte frames`);
    }
    if (this.state !== 'open') return;
    this.queue.addAudio(bytes, performance.now());
    this.line?.hasItems(this);
    this.tellDropped(this.queue.dropExcess());
  }

  lost(durationMs: number): void {
    if (!Number.isFinite(durationMs) || durationMs < 0)
      throw new RangeError(`lost audio lasts 0 ms or more, not ${durationMs}`);
    if (this.state !== 'open' || durationMs === 0) return;
    this.queue.addGap(durationMs);
    this.line?.hasItems(this);
  }

  useModels(modelIds: readonly string[]): void {
    this.models = wanted(modelIds, this.loaded);
    this.line?.post({ kind: 'use-models', stream: this.id, models: this.models });
  }

  forgetBefore(positionMs: number): void {
    // A worker that begins anew has heard nothing before.
    this.line?.post({ kind: 'forget-before', stream: this.id, positionMs });
  }

  flush(): Promise<void> {
    if (this.state !== 'open') return Promise.resolve();
    return new Promise((resolve) => {
      this.queue.addFlush(performance.now(), resolve);
      this.line?.hasItems(this);
    });
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.queue.clear();
    this.line?.post({ kind: 'close', stream: this.id });
    this.line = undefined;
    this.onClosed(this);
  }

  /** A worker that is ready for this stream: the first one, or the one after a death. */
  connect(line: WorkerLine): void {
    this.line = line;
    const start: StreamStart = { positionMs: this.queue.positionMs, netSpeechMs: this.netSpeechMs };
    const { format, evidenceWindowMs } = this.request;
    line.post({ kind: 'open', stream: this.id, format, start, models: this.models, evidenceWindowMs });
    line.hasItems(this);
  }

  /** The worker died. Audio goes on being collected (and dropped, when it is too much) until another one is there. */
  disconnect(): void {
    this.line = undefined;
    this.tellDropped(this.queue.takeBack());
  }

  fail(message: string): void {
    if (this.state !== 'open') return;
    this.state = 'failed';
    this.line = undefined;
    this.tell({ kind: 'failed', message });
    this.queue.clear();
  }

  /** True when the worker was waited for: there is more that may go to it now. */
  output(events: readonly WorkerEvent[], itemsDone: number): boolean {
    for (const event of events) {
      this.netSpeechMs = event.kind === 'segment' ? event.totalNetSpeechMs : event.netSpeechMs;
      if (event.kind === 'progress') this.tell(event);
      else {
        const { arrivedAtMs, ...segment } = event;
        this.tell({ ...segment, latencyMs: performance.now() - arrivedAtMs });
      }
    }
    this.queue.finish(itemsDone);
    return this.isHeldBack;
  }

  /** What may go to the worker now. */
  takeItems(): StreamItem[] {
    const items: StreamItem[] = [];
    for (let item = this.queue.next(); item; item = this.queue.next()) items.push(item);
    this.isHeldBack = this.queue.hasWaiting;
    return items;
  }

  /** After the caller's own call has returned: a listener is never called from inside `push`. */
  private tellDropped(durationMs: number): void {
    if (durationMs > 0) {
      queueMicrotask(() => {
        this.tell({ kind: 'dropped', durationMs });
      });
    }
  }

  private tell(event: AnalysisEvent): void {
    if (this.state !== 'closed') this.listener(event);
  }
}

function wanted(modelIds: readonly string[], loaded: readonly string[]): readonly string[] {
  const unknown = modelIds.find((id) => !loaded.includes(id));
  if (unknown !== undefined) throw new RangeError(`the model ${unknown} is not loaded`);
  if (modelIds.length === 0) throw new RangeError('a stream needs one model or more');
  return [...new Set(modelIds)];
}
