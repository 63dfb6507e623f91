import { EntryMatrix, Probe } from './entry-matrix.js';
import type { FromSearch, ToSearch } from './messages.js';
import { VectorStore } from './vector-store.js';

type Search = Extract<ToSearch, { kind: 'search' }>;

/** Searches that came in one turn of the event loop run over a list together; a change waits for those that came before it. */
export class SearchLoop {
  private readonly store: VectorStore;
  private readonly lists = new Map<string, EntryMatrix>();
  private waiting: Search[] = [];

  constructor(
    private readonly size: number,
    private readonly post: (message: FromSearch) => void,
  ) {
    this.store = new VectorStore(size);
  }

  receive(message: ToSearch): void {
    if (message.kind === 'search') {
      if (this.waiting.length === 0)
        setImmediate(() => {
          this.searchWaiting();
        });
      this.waiting.push(message);
      return;
    }
    this.searchWaiting();
    try {
      if (message.kind === 'add') this.add(message);
      else this.remove(message);
      this.post({ kind: 'changed', id: message.id, entries: this.entriesOf([...this.lists.keys()]) });
    } catch (error) {
      this.post({ kind: 'failed', id: message.id, message: String(error) });
    }
  }

  get bytes(): number {
    return this.store.bytes;
  }

  private add({ listId, entryIds, vectors }: Extract<ToSearch, { kind: 'add' }>): void {
    const matrix = this.lists.get(listId) ?? new EntryMatrix(listId, this.store);
    this.lists.set(listId, matrix);
    entryIds.forEach((entryId, i) => {
      matrix.add(entryId, vectors.subarray(i * this.size, (i + 1) * this.size));
    });
    vectors.fill(0);
  }

  private remove({ listId, entryIds }: Extract<ToSearch, { kind: 'remove' }>): void {
    const matrix = this.lists.get(listId);
    if (entryIds === null) {
      matrix?.clear();
      this.lists.delete(listId);
    } else for (const entryId of entryIds) matrix?.remove(entryId);
  }

  private searchWaiting(): void {
    const searches = this.waiting;
    this.waiting = [];
    const probes = searches.map(({ query }) => new Probe(query));
    for (const matrix of this.lists.values()) {
      matrix.search(probes.filter((_, i) => searches[i]?.listIds.includes(matrix.listId)));
    }
    searches.forEach(({ id, listIds, query }, i) => {
      this.post({ kind: 'found', id, best: probes[i]?.best, entries: this.entriesOf(listIds) });
      probes[i]?.numbers.fill(0);
      query.fill(0);
    });
  }

  private entriesOf(listIds: readonly string[]): number {
    return listIds.reduce((sum, listId) => sum + (this.lists.get(listId)?.entries ?? 0), 0);
  }
}
