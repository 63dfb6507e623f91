import type { EngineStream } from './engine-stream.js';
import type { ToWorker } from './worker/messages.js';

/**
 * Packets of many calls go to a worker together, so that their windows go through the VAD in one run: in a batch of 64 a window
 * costs a quarter of what it costs alone. A worker's packets wait for each other as many milliseconds as it has streams, and
 * never longer than this.
 */
const maxGatherMs = 30;

/** Streams that have something for one worker. The first after a pause goes at once, those that follow it wait for each other. */
export class GatheredItems {
  private readonly streams = new Set<EngineStream>();
  private timer: NodeJS.Timeout | undefined;
  private postedAtMs = -Infinity;

  constructor(
    private readonly streamsOfWorker: () => number,
    private readonly send: (message: ToWorker, transfer: ArrayBuffer[]) => void,
  ) {}

  add(stream: EngineStream): void {
    this.streams.add(stream);
    if (this.timer !== undefined) return;
    const gatherMs = Math.min(maxGatherMs, this.streamsOfWorker());
    const waitMs = this.postedAtMs + gatherMs - performance.now();
    if (waitMs <= 0) this.post();
    else
      this.timer = setTimeout(() => {
        this.post();
      }, waitMs);
  }

  remove(stream: EngineStream): void {
    this.streams.delete(stream);
  }

  /** All of it, now. */
  post(): void {
    const items = [...this.streams].flatMap((stream) =>
      stream.takeItems().map((item) => ({ stream: stream.id, item })),
    );
    this.clear();
    if (items.length === 0) return;
    this.postedAtMs = performance.now();
    const { packed, transfer } = inOneBuffer(items);
    this.send({ kind: 'items', items: packed }, transfer);
  }

  /** Forgets who has something, not what they have. */
  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.streams.clear();
  }
}

type Items = Extract<ToWorker, { kind: 'items' }>['items'];

/** Moving a buffer to another thread costs more than copying a packet into one that is moved once for all. */
function inOneBuffer(items: Items): { packed: Items; transfer: ArrayBuffer[] } {
  const all = new Uint8Array(
    items.reduce((sum, { item }) => sum + (item.kind === 'audio' ? item.bytes.length : 0), 0),
  );
  let at = 0;
  const packed = items.map(({ stream, item }) => {
    if (item.kind !== 'audio') return { stream, item };
    const bytes = all.subarray(at, at + item.bytes.length);
    bytes.set(item.bytes);
    at += bytes.length;
    return { stream, item: { ...item, bytes } };
  });
  return { packed, transfer: [all.buffer] };
}
