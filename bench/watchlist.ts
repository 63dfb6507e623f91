/**
 * Time of one exact watchlist search by length of list, and of the ways to do it that were tried.
 * `npm run build && node dist/bench/watchlist.js [--sizes 1000,10000] [--json FILE] [--rounds 30]`
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { EntryMatrix, Probe } from '../src/engine/watchlist/entry-matrix.js';
import { ThreadedWatchlistSearch } from '../src/engine/watchlist/threaded-search.js';
import { VectorStore } from '../src/engine/watchlist/vector-store.js';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    rounds: { type: 'string', default: '30' },
    json: { type: 'string' },
  },
});
const size = 192;
const rounds = Number(values.rounds);
const batches = [1, 8];

interface Row {
  readonly entries: number;
  readonly way: string;
  readonly batch: number;
  readonly msPerSegmentP50: number;
  readonly msPerSegmentP95: number;
  readonly mib: number;
}
const rows: Row[] = [];

for (const entries of values.sizes.split(',').map(Number)) {
  const vectors = voices(entries);
  const queries = voices(8);
  for (const batch of batches) {
    const asked = Array.from({ length: batch }, (_, i) => queries.subarray(i * size, (i + 1) * size));
    await measure(entries, 'loop in JavaScript, float32', batch, vectors.byteLength / 2 ** 20, () => {
      for (const query of asked) loopSearch(vectors, query);
    });
  }
  await benchMatrix(entries, vectors, queries);
  await benchThread(entries, vectors, queries);
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
const table = [
  '| entries | way | batch | ms a segment p50 | p95 | MiB |',
  '| ---: | --- | ---: | ---: | ---: | ---: |',
  ...rows.map(
    ({ entries, way, batch, msPerSegmentP50, msPerSegmentP95, mib }) =>
      `| ${entries.toLocaleString('en-GB')} | ${way} | ${batch} | ${msPerSegmentP50.toFixed(3)} | ${msPerSegmentP95.toFixed(3)} | ${mib.toFixed(0)} |`,
  ),
].join('\n');
process.stdout.write(`${machine}\n\n${table}\n`);
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);

/** The matrix itself: bytes in WebAssembly, exact cosines of what the bound leaves over. */
async function benchMatrix(entries: number, vectors: Float32Array, queries: Float32Array): Promise<void> {
  const store = new VectorStore(size);
  const matrix = new EntryMatrix('list', store);
  for (let i = 0; i < entries; i++) matrix.add(`e${i}`, vectors.subarray(i * size, (i + 1) * size));
  for (const batch of batches) {
    await measure(
      entries,
      'bytes in WebAssembly, exact re-check (the product’s)',
      batch,
      store.bytes / 2 ** 20,
      () => {
        matrix.search(
          Array.from({ length: batch }, (_, i) => new Probe(queries.subarray(i * size, (i + 1) * size))),
        );
      },
    );
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
    await measure(entries, 'the same, to the thread and back', batch, 0, async () => {
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
  way: string,
  batch: number,
  mib: number,
  run: () => void | Promise<void>,
): Promise<void> {
  for (let i = 0; i < 3; i++) await run();
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    await run();
    times.push((performance.now() - began) / batch);
  }
  times.sort((a, b) => a - b);
  const quantile = (q: number): number =>
    times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? NaN;
  rows.push({ entries, way, batch, msPerSegmentP50: quantile(0.5), msPerSegmentP95: quantile(0.95), mib });
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
