import { bytesIn, durationMs, type StreamFormat } from '../core/audio/stream-format.js';
import type { StreamItem } from './worker/messages.js';

/** Audio goes to the worker in pieces of at most this, so that the oldest can be dropped piece by piece. */
const pieceMs = 250;
/** Audio the worker may have without having finished it; the rest waits here, where it can still be dropped. */
const creditMs = 500;

interface QueuedItem {
  readonly item: StreamItem;
  /** Stream time it stands for. */
  readonly durationMs: number;
  readonly done?: () => void;
}

const isAudio = ({ item }: QueuedItem): boolean => item.kind === 'audio';

function audioMs(items: readonly QueuedItem[]): number {
  return items.reduce((sum, queued) => sum + (isAudio(queued) ? queued.durationMs : 0), 0);
}

/** Dropped audio stays as the stream time it stood for; flushes and gaps stay as they are. */
function asGap(queued: QueuedItem): QueuedItem {
  return isAudio(queued) ? gap(queued.durationMs) : queued;
}

function gap(lengthMs: number): QueuedItem {
  return { item: { kind: 'gap', durationMs: lengthMs }, durationMs: lengthMs };
}

/** Gaps that follow each other become one: a stream whose worker is stuck for long must not grow a list of them. */
function joined(items: readonly QueuedItem[]): QueuedItem[] {
  const list: QueuedItem[] = [];
  for (const queued of items) {
    const last = list.at(-1);
    if (last?.item.kind === 'gap' && queued.item.kind === 'gap')
      list[list.length - 1] = gap(last.durationMs + queued.durationMs);
    else list.push(queued);
  }
  return list;
}

/** One stream's audio on its way to a worker: what waits here, what is there, and how much time has been finished. */
export class StreamQueue {
  private waiting: QueuedItem[] = [];
  private posted: QueuedItem[] = [];
  private finishedMs = 0;

  constructor(
    private readonly format: StreamFormat,
    private readonly maxWaitingMs: number,
  ) {}

  /** Copies: a socket's buffer may be a slice of a shared pool, which can't be moved to another thread. */
  addAudio(bytes: Uint8Array, arrivedAtMs: number): void {
    const pieceBytes = bytesIn(pieceMs, this.format);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = new Uint8Array(bytes.subarray(at, at + pieceBytes));
      this.waiting.push({
        item: { kind: 'audio', bytes: piece, arrivedAtMs },
        durationMs: durationMs(piece.length, this.format),
      });
    }
  }

  addGap(lengthMs: number): void {
    this.waiting = joined([...this.waiting, gap(lengthMs)]);
  }

  addFlush(arrivedAtMs: number, done: () => void): void {
    this.waiting.push({ item: { kind: 'flush', arrivedAtMs }, durationMs: 0, done });
  }

  /** Audio not finished yet. */
  get waitingMs(): number {
    return audioMs(this.posted) + audioMs(this.waiting);
  }

  get hasWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Stream time of all that is finished. */
  get positionMs(): number {
    return this.finishedMs;
  }

  /** Drops the oldest audio that has not gone to the worker until no more than allowed waits; says how much. */
  dropExcess(): number {
    if (this.maxWaitingMs <= 0) return 0;
    let excessMs = this.waitingMs - this.maxWaitingMs;
    if (excessMs <= 0) return 0;
    let droppedMs = 0;
    for (const [i, queued] of this.waiting.entries()) {
      if (excessMs <= 0) break;
      if (!isAudio(queued)) continue;
      this.waiting[i] = asGap(queued);
      excessMs -= queued.durationMs;
      droppedMs += queued.durationMs;
    }
    this.waiting = joined(this.waiting);
    return droppedMs;
  }

  /** The next item that may go to the worker now. */
  next(): StreamItem | undefined {
    const head = this.waiting[0];
    if (head === undefined) return undefined;
    const postedMs = audioMs(this.posted);
    if (isAudio(head) && postedMs > 0 && postedMs + head.durationMs > creditMs) return undefined;
    this.waiting.shift();
    this.posted.push(head);
    return head.item;
  }

  /** The worker has finished this many more items. */
  finish(items: number): void {
    for (const queued of this.posted.splice(0, items)) {
      this.finishedMs += queued.durationMs;
      queued.done?.();
    }
  }

  /** The worker died: what it had is lost audio now, everything else is to be posted again. Says how much was lost. */
  takeBack(): number {
    const lostMs = audioMs(this.posted);
    this.waiting = joined([...this.posted.map(asGap), ...this.waiting]);
    this.posted = [];
    return lostMs;
  }

  /** Forgets everything; whoever waits for a flush is let go. */
  clear(): void {
    const flushes = [...this.posted, ...this.waiting];
    this.posted = [];
    this.waiting = [];
    for (const { done } of flushes) done?.();
  }
}
