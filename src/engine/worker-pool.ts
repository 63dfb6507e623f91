import type { Worker } from 'node:worker_threads';
import type { EngineStream, WorkerLine } from './engine-stream.js';
import { GatheredItems } from './gathered-items.js';
import { ModelRefusedError } from './pinned-file.js';
import { letLeave } from './worker-thread.js';
import type { FromWorker, StreamOutputs, ToWorker, WorkerSetup } from './worker/messages.js';

export type StartWorker = (setup: WorkerSetup) => Worker;

/** A worker that dies this often without once becoming ready is not started again: something outside it is broken. */
const maxStartAttempts = 3;

/**
 * A worker thread and what follows it when it dies. Its streams stay with the slot, not with the thread, until no thread will
 * start there any more.
 */
class WorkerSlot implements WorkerLine {
  readonly streams = new Map<number, EngineStream>();
  state: 'starting' | 'ready' | 'given-up' | 'stopped' = 'starting';
  restarts = 0;
  private worker: Worker | undefined;
  private readonly gathered = new GatheredItems(
    () => this.streams.size,
    (message, transfer) => this.worker?.postMessage(message, transfer),
  );
  private attempts = 0;
  private lastError: string | undefined;

  constructor(
    private readonly setup: WorkerSetup,
    private readonly startWorker: StartWorker,
    /** No worker will serve here any more: its streams need another place. */
    private readonly onGivenUp: (streams: readonly EngineStream[]) => void,
  ) {}

  /** Resolves when the worker serves; rejects when it refuses the model or can't be started. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.state = 'starting';
      this.attempts += 1;
      const worker = this.startWorker(this.setup);
      this.worker = worker;
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') {
          this.ready();
          resolve();
        } else if (message.kind === 'refused') {
          this.lastError = message.message;
          reject(new ModelRefusedError('analysis worker', message.message));
        } else {
          this.tell(message.outputs);
        }
      });
      worker.on('error', (error: unknown) => {
        this.lastError = error instanceof Error ? error.message : String(error);
      });
      worker.once('exit', (code) => {
        this.worker = undefined;
        this.lastError ??= `exit code ${code}`;
        reject(new Error(`the analysis worker stopped: ${this.lastError}`));
        this.died();
      });
    });
  }

  post(message: ToWorker): void {
    // What a stream had before goes before: its models may change with this message.
    this.gathered.post();
    this.worker?.postMessage(message);
  }

  hasItems(stream: EngineStream): void {
    this.gathered.add(stream);
  }

  add(stream: EngineStream): void {
    this.streams.set(stream.id, stream);
    if (this.state === 'ready') stream.connect(this);
    if (this.state === 'given-up') stream.fail(this.failure());
  }

  remove(stream: EngineStream): void {
    this.streams.delete(stream.id);
    this.gathered.remove(stream);
  }

  async stop(): Promise<void> {
    this.state = 'stopped';
    this.gathered.clear();
    if (this.worker !== undefined) await letLeave(this.worker);
  }

  /** A stream that waited for the worker goes on at once; an upload is read as fast as it is analysed. */
  private tell(outputs: readonly StreamOutputs[]): void {
    let isWaitedFor = false;
    for (const { stream: id, events, itemsDone } of outputs) {
      const stream = this.streams.get(id);
      if (!stream?.output(events, itemsDone)) continue;
      this.gathered.add(stream);
      isWaitedFor = true;
    }
    if (isWaitedFor) this.gathered.post();
  }

  private ready(): void {
    this.state = 'ready';
    this.attempts = 0;
    this.lastError = undefined;
    for (const stream of this.streams.values()) stream.connect(this);
  }

  private died(): void {
    if (this.state === 'stopped') return;
    const served = this.state === 'ready';
    this.gathered.clear();
    for (const stream of this.streams.values()) stream.disconnect();
    // The first start is the pool's to judge: a service must not come up with a model that is refused.
    if (!served && this.restarts === 0) return;
    if (this.attempts >= maxStartAttempts) {
      this.state = 'given-up';
      const homeless = [...this.streams.values()];
      this.streams.clear();
      this.onGivenUp(homeless);
      return;
    }
    this.restarts += 1;
    this.start().catch(() => {
      // Counted and tried again when the thread's exit is seen.
    });
  }

  private failure(): string {
    return `the analysis worker could not be started again: ${this.lastError ?? 'no reason given'}`;
  }
}

/** Worker threads and which stream is on which. */
export class WorkerPool {
  private readonly slots: readonly WorkerSlot[];

  constructor(size: number, setup: WorkerSetup, startWorker: StartWorker) {
    const placeAgain = (streams: readonly EngineStream[]): void => {
      for (const stream of streams) this.add(stream);
    };
    this.slots = Array.from({ length: size }, () => new WorkerSlot(setup, startWorker, placeAgain));
  }

  async start(): Promise<void> {
    const started = await Promise.allSettled(this.slots.map((slot) => slot.start()));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    await this.stop();
    throw failed.reason;
  }

  /** On the least loaded worker that serves, for as long as it does. */
  add(stream: EngineStream): void {
    const able = this.slots.filter((slot) => slot.state !== 'given-up');
    const slot = (able.length > 0 ? able : this.slots).reduce((least, other) =>
      other.streams.size < least.streams.size ? other : least,
    );
    slot.add(stream);
  }

  remove(stream: EngineStream): void {
    for (const slot of this.slots) slot.remove(stream);
  }

  get streams(): EngineStream[] {
    return this.slots.flatMap((slot) => [...slot.streams.values()]);
  }

  /** Workers that serve or are on their way to it. */
  get workers(): number {
    return this.slots.filter((slot) => slot.state === 'ready' || slot.state === 'starting').length;
  }

  get restarts(): number {
    return this.slots.reduce((sum, slot) => sum + slot.restarts, 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.stop()));
  }
}
