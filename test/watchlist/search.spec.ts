import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EntryMatrix, Probe } from '../../src/engine/watchlist/entry-matrix.js';
import type { FromSearch } from '../../src/engine/watchlist/messages.js';
import { SearchLoop } from '../../src/engine/watchlist/search-loop.js';
import { maxWaiting, ThreadedWatchlistSearch } from '../../src/engine/watchlist/threaded-search.js';
import { rowsPerBlock, VectorStore } from '../../src/engine/watchlist/vector-store.js';

const size = 16;

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value, i) => (length === 0 ? Number(i === 0) : value / length));
}
const voice = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size })
  .map(unit);

/** The search as anybody would write it down: every cosine, in double precision. */
function nearest(entries: ReadonlyMap<string, Float32Array>, query: Float32Array): number {
  return Math.max(...[...entries.values()].map((entry) => dot(entry, query)));
}
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

function fill(matrix: EntryMatrix, entries: ReadonlyMap<string, Float32Array>): void {
  for (const [id, vector] of entries) matrix.add(id, vector);
}

/** Many voices close to each other: the bytes alone cannot tell which is nearest. */
function crowd(count: number, spread: number): Map<string, Float32Array> {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  const centre = Array.from({ length: size }, random);
  return new Map(
    Array.from({ length: count }, (_, i) => [
      `e${i}`,
      unit(centre.map((value) => value + spread * random())),
    ]),
  );
}

describe('the search over a matrix', () => {
  it('finds what a search over the vectors themselves finds', () => {
    fc.assert(
      fc.property(fc.array(voice, { minLength: 1, maxLength: 60 }), voice, (voices, query) => {
        const entries = new Map(voices.map((vector, i) => [`e${i}`, vector]));
        const matrix = new EntryMatrix('list', new VectorStore(size));
        fill(matrix, entries);
        const probe = new Probe(query);
        matrix.search([probe]);
        expect(probe.best!.cosine).toBe(nearest(entries, query));
        expect(dot(entries.get(probe.best!.entryId)!, query)).toBe(probe.best!.cosine);
      }),
      { numRuns: 200 },
    );
  });

  it.each([1e-3, 1e-2, 0.3])('is exact among thousands that lie within %d of each other', (spread) => {
    const entries = crowd(3000, spread);
    const matrix = new EntryMatrix('list', new VectorStore(size));
    fill(matrix, entries);
    const probes = [...crowd(40, spread).values()].map((query) => new Probe(query));
    matrix.search(probes);
    for (const { best, vector } of probes) expect(best!.cosine).toBe(nearest(entries, vector));
  });

  it('stays exact as entries come, change and go, across blocks', () => {
    const entries = crowd(2 * rowsPerBlock + 1, 0.3);
    const matrix = new EntryMatrix('list', new VectorStore(size));
    fill(matrix, entries);
    const queries = [...crowd(5, 0.3).values()];
    const check = (): void => {
      const probes = queries.map((query) => new Probe(query));
      matrix.search(probes);
      for (const { best, vector } of probes) expect(best!.cosine).toBe(nearest(entries, vector));
      expect(matrix.entries).toBe(entries.size);
    };
    check();
    for (const id of ['e0', 'e1024', 'e2048', 'e2047', 'e5', 'no such entry']) {
      matrix.remove(id);
      entries.delete(id);
      check();
    }
    matrix.add('e7', queries[0]!);
    entries.set('e7', queries[0]!);
    check();
    for (const id of [...entries.keys()].slice(3)) {
      matrix.remove(id);
      entries.delete(id);
    }
    check();
  });

  it('overwrites what is removed', () => {
    const store = new VectorStore(size);
    const matrix = new EntryMatrix('list', store);
    fill(matrix, crowd(rowsPerBlock + 1, 0.3));
    const kept = (): boolean =>
      [matrix['blocks'], store['free']].flat().some((block) => store.vectorsOf(block).some((x) => x !== 0));
    matrix.remove('e1024');
    expect(store['free'].every((block) => store.vectorsOf(block).every((x) => x === 0))).toBe(true);
    expect(store['free']).toHaveLength(1);
    expect(kept()).toBe(true);
    matrix.clear();
    expect(kept()).toBe(false);
  });

  it('searches the lists that are asked for, those of one turn together, with changes in their place', async () => {
    const answers: FromSearch[] = [];
    const loop = new SearchLoop(size, (message) => answers.push(message));
    const [alice, bob] = [
      unit([1, ...Array<number>(size - 1).fill(0)]),
      unit([0, 1, ...Array<number>(size - 2).fill(0)]),
    ];
    const vectors = (...list: Float32Array[]): Float32Array =>
      Float32Array.from(list.flatMap((one) => [...one]));
    loop.receive({ kind: 'add', id: 1, listId: 'a', entryIds: ['alice'], vectors: vectors(alice) });
    loop.receive({
      kind: 'add',
      id: 2,
      listId: 'b',
      entryIds: ['bob', 'alice 2'],
      vectors: vectors(bob, alice),
    });
    const search = (id: number, ...listIds: string[]): void => {
      loop.receive({ kind: 'search', id, listIds, query: Float32Array.from(alice) });
    };
    search(3, 'a');
    search(4, 'b');
    loop.receive({ kind: 'remove', id: 5, listId: 'b', entryIds: ['alice 2'] });
    search(6, 'a', 'b');
    search(7, 'none');
    await new Promise(setImmediate);
    expect(answers.filter(({ kind }) => kind === 'found')).toMatchObject([
      { id: 3, entries: 1, best: { listId: 'a', entryId: 'alice', cosine: 1 } },
      { id: 4, entries: 2, best: { listId: 'b', entryId: 'alice 2', cosine: 1 } },
      { id: 6, entries: 2, best: { entryId: 'alice' } },
      { id: 7, entries: 0, best: undefined },
    ]);
  });
});

describe('the search thread', () => {
  let search: ThreadedWatchlistSearch | undefined;
  afterEach(() => search?.shutdown());
  const entries = crowd(50, 0.3);
  const all = Float32Array.from([...entries.values()].flatMap((vector) => [...vector]));
  const [query] = crowd(1, 0.3).values();

  it('is not there until there is an entry', async () => {
    search = new ThreadedWatchlistSearch(size, () => {
      throw new Error('started');
    });
    expect(await search.search(['list'], query!)).toEqual({ kind: 'empty' });
    await search.remove('list', null);
    await expect(search.add('list', [...entries.keys()], all)).rejects.toThrow('started');
  });

  it('finds, forgets, and says how many it holds', async () => {
    search = new ThreadedWatchlistSearch(size);
    await search.add('list', [...entries.keys()], all);
    expect(search.status()).toMatchObject({ entries: 50, dropped: 0 });
    const found = await search.search(['list'], query!);
    expect(found).toMatchObject({ kind: 'found', entries: 50, best: { cosine: nearest(entries, query!) } });
    await search.remove('list', null);
    expect(await search.search(['list'], query!)).toEqual({ kind: 'empty' });
    expect(search.status()).toMatchObject({ entries: 0, searched: 2 });
  });

  it('answers every search when it dies, says so, and starts again with what it is given', async () => {
    const workers: Worker[] = [];
    const normal = new ThreadedWatchlistSearch(size)['startThread'];
    search = new ThreadedWatchlistSearch(size, (setup) => {
      const worker = normal(setup);
      workers.push(worker);
      return worker;
    });
    await search.add('list', [...entries.keys()], all);
    const lost = new Promise<void>((resolve) => search!.onLost(resolve));
    const asked = search.search(['list'], query!);
    await workers[0]!.terminate();
    await lost;
    expect(['dropped', 'found']).toContain((await asked).kind);
    expect(await search.search(['list'], query!)).toEqual({ kind: 'empty' });
    await search.add('list', ['e1'], entries.get('e1')!);
    expect(await search.search(['list'], query!)).toMatchObject({ kind: 'found', entries: 1 });
    expect(search.status().restarts).toBe(1);
  });

  it('takes no more searches than it is allowed to hold, and counts the others', async () => {
    const silent = (): Worker => new Worker('setInterval(() => {}, 1000)', { eval: true, execArgv: [] });
    search = new ThreadedWatchlistSearch(size, () => {
      const worker = silent();
      worker.unref();
      return worker;
    });
    const added = search.add('list', ['e1'], entries.get('e1')!);
    const waiting = Array.from({ length: maxWaiting }, () => search!.search(['list'], query!));
    expect(await search.search(['list'], query!)).toEqual({ kind: 'dropped' });
    expect(search.status()).toMatchObject({ waiting: maxWaiting, dropped: 1 });
    const { worker } = search as unknown as { worker: Worker };
    const ended = once(worker, 'exit');
    await search.shutdown();
    await ended;
    await expect(added).rejects.toThrow('could not take a change');
    expect(new Set((await Promise.all(waiting)).map(({ kind }) => kind))).toEqual(new Set(['dropped']));
  });
});
