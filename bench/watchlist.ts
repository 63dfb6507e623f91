/**
 * Time of one exact watchlist search by length of list, and of the plain loop that it is compared with:
 * `npm run bench:watchlist [-- --sizes 1000,10000 --rounds 30]`. Prints JSON.
 */
import { parseArgs } from 'node:util';
import { EntryMatrix, Probe } from '../src/engine/watchlist/entry-matrix.js';
import { ThreadedWatchlistSearch } from '../src/engine/watchlist/threaded-search.js';
import { VectorStore } from '../src/engine/watchlist/vector-store.js';
import { quantile } from './numbers.js';
import type { WatchlistReport, WatchlistRow, WatchlistWay } from './watchlist-report.js';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    rounds: { type: 'string', default: '30' },
  },
});
const size = 192;
const rounds = Number(values.rounds);
const batches = [1, 8];
/** Long lists are searched less often, so that the whole does not take minutes. */
const longestMs = 2000;
const leastRounds = 10;

const rows: WatchlistRow[] = [];

for (const entries of values.sizes.split(',').map(Number)) {
  const vectors = voices(entries);
  const queries = voices(8);
  await measure(entries, 'loop', 1, vectors.byteLength / 2 ** 20, () => {
    loopSearch(vectors, queries.subarray(0, size));
  });
  await benchMatrix(entries, vectors, queries);
  await benchThread(entries, vectors, queries);
}

const report: WatchlistReport = { rows };
process.stdout.write(`${JSON.stringify(report)}\n`);

/** The matrix itself: bytes in WebAssembly, exact cosines of what the bound leaves over. */
async function benchMatrix(entries: number, vectors: Float32Array, queries: Float32Array): Promise<void> {
  const store = new VectorStore(size);
  const matrix = new EntryMatrix('list', store);
  for (let i = 0; i < entries; i++) matrix.add(`e${i}`, vectors.subarray(i * size, (i + 1) * size));
  for (const batch of batches) {
    await measure(entries, 'matrix', batch, store.bytes / 2 ** 20, () => {
      matrix.search(
        Array.from({ length: batch }, (_, i) => new Probe(queries.subarray(i * size, (i + 1) * size))),
      );
    });
  }
}

/** As a call sees it: to the thread and back. */
async function benchThread(entries: number, vectors: Float32Array, queries: Float32Array): Promise<void> {
  const search = new ThreadedWatchlistSearch(size);
  const page = 10_000;
  for (let from = 0; from < entries; from += page) {
    const ids = Array.from({ length: Math.min(page, entries - from) }, (_, i) => `e${from + i}`);
    await search.add('list', ids, vectors.subarray(from * size, (from + ids.length) * size));
  }
  for (const batch of batches) {
    await measure(entries, 'thread', batch, 0, async () => {
      await Promise.all(
        Array.from({ length: batch }, (_, i) =>
          search.search(['list'], queries.subarray(i * size, (i + 1) * size)),
        ),
      );
    });
  }
  await search.shutdown();
}

async function measure(
  entries: number,
  way: WatchlistWay,
  batch: number,
  mib: number,
  run: () => void | Promise<void>,
): Promise<void> {
  for (let i = 0; i < 3; i++) await run();
  const times: number[] = [];
  const startedMs = performance.now();
  for (let i = 0; i < rounds && (i < leastRounds || performance.now() - startedMs < longestMs); i++) {
    const began = performance.now();
    await run();
    times.push((performance.now() - began) / batch);
  }
  rows.push({
    entries,
    way,
    batch,
    msPerSegmentP50: quantile(times, 0.5),
    msPerSegmentP95: quantile(times, 0.95),
    mib,
  });
}

function loopSearch(vectors: Float32Array, query: Float32Array): number {
  let best = -2;
  for (let at = 0; at < vectors.length; at += size) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (vectors[at + i] ?? 0) * (query[i] ?? 0);
    if (sum > best) best = sum;
  }
  return best;
}

/** Random directions in as many dimensions as real voices spread over (25 of the cohort's 192), so that the nearest are as close as real ones. */
function voices(count: number): Float32Array {
  const spread = 25;
  const all = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    const vector = all.subarray(row * size, (row + 1) * size);
    let length = 0;
    for (let i = 0; i < size; i++) {
      const value = (Math.random() + Math.random() + Math.random() - 1.5) * (i < spread ? 1 : 0.2);
      vector[i] = value;
      length += value * value;
    }
    for (let i = 0; i < size; i++) vector[i] = (vector[i] ?? 0) / Math.sqrt(length);
  }
  return all;
}
