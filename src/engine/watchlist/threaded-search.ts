import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromSearch, SearchSetup, ToSearch } from './messages.js';
import type { SearchOutcome, WatchlistSearch, WatchlistSearchStatus } from './watchlist.port.js';

/** A second's worth of segments of as many calls as a process carries; beyond it the lists are too long for the machine. */
export const maxWaiting = 512;

type Answer = Exclude<FromSearch, { kind: 'failed' }>;
/** Null: the thread died, or could not do it. */
type Settle = (answer: Answer | null) => void;

/** Starts its thread when there is the first entry to hold: who keeps no watchlist pays nothing for it. */
export class ThreadedWatchlistSearch implements WatchlistSearch {
  private worker: Worker | undefined;
  private lastId = 0;
  private readonly asked = new Map<number, Settle>();
  private readonly lostListeners = new Set<() => void>();
  private stopped = false;
  private searching = 0;
  private entries = 0;
  private searched = 0;
  private dropped = 0;
  private restarts = 0;

  constructor(
    private readonly size: number,
    private readonly startThread: (setup: SearchSetup) => Worker = startSearchThread,
  ) {}

  async add(listId: string, entryIds: readonly string[], vectors: Float32Array): Promise<void> {
    if (vectors.length !== entryIds.length * this.size)
      throw new RangeError(`${entryIds.length} vectors of ${this.size} numbers were expected`);
    if (entryIds.length === 0) return;
    // A copy: what is posted is moved to the thread.
    const moved = Float32Array.from(vectors);
    await this.change({ kind: 'add', id: this.nextId(), listId, entryIds, vectors: moved }, [moved.buffer]);
  }

  async remove(listId: string, entryIds: readonly string[] | null): Promise<void> {
    if (this.worker) await this.change({ kind: 'remove', id: this.nextId(), listId, entryIds }, []);
  }

  async search(listIds: readonly string[], query: Float32Array): Promise<SearchOutcome> {
    if (query.length !== this.size) throw new RangeError(`a query has ${this.size} numbers`);
    if (!this.worker || listIds.length === 0) return { kind: 'empty' };
    if (this.searching >= maxWaiting) {
      this.dropped += 1;
      return { kind: 'dropped' };
    }
    this.searching += 1;
    const moved = Float32Array.from(query);
    const answer = await this.ask({ kind: 'search', id: this.nextId(), listIds, query: moved }, [
      moved.buffer,
    ]);
    this.searching -= 1;
    if (answer?.kind !== 'found') {
      this.dropped += 1;
      return { kind: 'dropped' };
    }
    this.searched += 1;
    const { best, entries } = answer;
    return best === undefined ? { kind: 'empty' } : { kind: 'found', best, entries };
  }

  onLost(listener: () => void): () => void {
    this.lostListeners.add(listener);
    return () => this.lostListeners.delete(listener);
  }

  status(): WatchlistSearchStatus {
    const { entries, searching: waiting, searched, dropped, restarts } = this;
    return { entries, waiting, searched, dropped, restarts };
  }

  async shutdown(): Promise<void> {
    this.stopped = true;
    await this.worker?.terminate();
  }

  private async change(message: ToSearch, transfer: ArrayBuffer[]): Promise<void> {
    const answer = await this.ask(message, transfer);
    if (answer?.kind !== 'changed') throw new Error('the watchlist thread could not take a change');
    this.entries = answer.entries;
  }

  private ask(message: ToSearch, transfer: ArrayBuffer[]): Promise<Answer | null> {
    if (this.stopped) return Promise.resolve(null);
    const worker = this.worker ?? this.start();
    return new Promise((resolve) => {
      this.asked.set(message.id, resolve);
      worker.postMessage(message, transfer);
    });
  }

  private start(): Worker {
    const worker = this.startThread({ size: this.size });
    this.worker = worker;
    worker.on('message', (message: FromSearch) => {
      const settle = this.asked.get(message.id);
      this.asked.delete(message.id);
      settle?.(message.kind === 'failed' ? null : message);
    });
    // Without a listener an error would end the process; the exit that follows says all.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      this.lost();
    });
    return worker;
  }

  private lost(): void {
    this.worker = undefined;
    this.entries = 0;
    for (const settle of this.asked.values()) settle(null);
    this.asked.clear();
    if (this.stopped) return;
    this.restarts += 1;
    for (const listener of [...this.lostListeners]) listener();
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }
}

/** From dist/ the entry lies beside this file; when this file itself runs as TypeScript (Jest), it is the one that the build put under dist/. */
function startSearchThread(setup: SearchSetup): Worker {
  const here = fileURLToPath(import.meta.url);
  const entry = here.endsWith('.ts')
    ? fileURLToPath(new URL('../../../dist/src/engine/watchlist/search-worker.js', import.meta.url))
    : fileURLToPath(new URL('./search-worker.js', import.meta.url));
  if (!existsSync(entry))
    throw new Error(`the watchlist thread ${entry} is missing: run npm run build first`);
  const worker = new Worker(entry, { workerData: setup, execArgv: [], name: 'timbre-watchlist' });
  worker.unref();
  return worker;
}
