import type { NearestEntry } from './watchlist.port.js';
import { quantise } from './quantise.js';
import { rowsPerBlock, type Block, type VectorStore } from './vector-store.js';

/** Rounding of the scan's own floats, far above what it can be: the bound must hold, a few more rows to look at cost nothing. */
const rounding = 1e-5;

/** A query with the best entry found for it so far. */
export class Probe {
  best: NearestEntry | undefined;
  readonly numbers: Int16Array;
  readonly scale: number;
  readonly error: number;

  constructor(readonly vector: Float32Array) {
    this.numbers = new Int16Array(vector.length);
    ({ scale: this.scale, error: this.error } = quantise(vector, this.numbers));
  }
}

/**
 * The entries of one list. Rows lie twice: as bytes, which are scanned, and as they are. With x̂ = bytes × scale,
 * |x·q − x̂·q̂| ≤ |x − x̂|·|q| + |x̂|·|q − q̂| (Cauchy–Schwarz), so a row whose approximate cosine lies further than that below
 * the best exact one cannot be the best; of the others the exact cosine is taken. What is found is therefore what a search over
 * the vectors themselves finds.
 */
export class EntryMatrix {
  private readonly blocks: Block[] = [];
  private readonly ids: string[] = [];
  private readonly rowOf = new Map<string, number>();

  constructor(
    readonly listId: string,
    private readonly store: VectorStore,
  ) {}

  get entries(): number {
    return this.ids.length;
  }

  add(entryId: string, vector: Float32Array): void {
    const row = this.rowOf.get(entryId) ?? this.ids.length;
    if (row === this.blocks.length * rowsPerBlock) this.blocks.push(this.store.take());
    this.ids[row] = entryId;
    this.rowOf.set(entryId, row);
    this.write(row, vector);
  }

  /** The last row moves to the place that becomes free. */
  remove(entryId: string): void {
    const row = this.rowOf.get(entryId);
    const last = this.ids.length - 1;
    const lastId = this.ids[last];
    if (row === undefined || lastId === undefined) return;
    const { size } = this.store;
    if (row !== last) {
      this.write(row, this.vector(last));
      this.ids[row] = lastId;
      this.rowOf.set(lastId, row);
    }
    this.write(last, new Float32Array(size));
    this.ids.pop();
    this.rowOf.delete(entryId);
    if (this.ids.length === (this.blocks.length - 1) * rowsPerBlock) {
      const emptied = this.blocks.pop();
      if (emptied) this.store.giveBack(emptied);
    }
  }

  clear(): void {
    for (const block of this.blocks) this.store.giveBack(block);
    this.blocks.length = 0;
    this.ids.length = 0;
    this.rowOf.clear();
  }

  /** Every probe over one block before the next: its bytes are then in the core's cache for all of them. */
  search(probes: readonly Probe[]): void {
    this.blocks.forEach((block, index) => {
      const rows = Math.min(rowsPerBlock, this.ids.length - index * rowsPerBlock);
      for (const probe of probes) this.searchBlock(block, index * rowsPerBlock, rows, probe);
    });
  }

  private searchBlock(block: Block, firstRow: number, rows: number, probe: Probe): void {
    const { store } = this;
    store.query().set(probe.numbers);
    const greatest = store.scan(block.bytesAt, block.scalesAt, store.outAt, rows, store.queryAt);
    const error = block.maxError + (1 + block.maxError) * probe.error + rounding;
    // The scan's cosines lack the query's scale.
    let least = ((probe.best?.cosine ?? -2) - error) / probe.scale;
    if (greatest < least) return;
    const approximate = store.out();
    const vectors = store.vectorsOf(block);
    for (let i = 0; i < rows; i++) {
      if ((approximate[i] ?? 0) < least) continue;
      const cosine = dotAt(vectors, i * store.size, probe.vector);
      if (probe.best !== undefined && cosine <= probe.best.cosine) continue;
      probe.best = { listId: this.listId, entryId: this.ids[firstRow + i] ?? '', cosine };
      least = (cosine - error) / probe.scale;
    }
  }

  private vector(row: number): Float32Array {
    const { block, at } = this.place(row);
    return this.store.vectorsOf(block).slice(at, at + this.store.size);
  }

  private write(row: number, vector: Float32Array): void {
    const { block, at, inBlock } = this.place(row);
    const { size } = this.store;
    this.store.vectorsOf(block).set(vector, at);
    const { scale, error } = quantise(vector, this.store.bytesOf(block).subarray(at, at + size));
    this.store.scalesOf(block)[inBlock] = scale;
    block.maxError = Math.max(block.maxError, error);
  }

  private place(row: number): { block: Block; at: number; inBlock: number } {
    const block = this.blocks[Math.floor(row / rowsPerBlock)];
    if (block === undefined) throw new RangeError(`row ${row} is in no block`);
    const inBlock = row % rowsPerBlock;
    return { block, inBlock, at: inBlock * this.store.size };
  }
}

function dotAt(vectors: Float32Array, at: number, query: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum += (vectors[at + i] ?? 0) * (query[i] ?? 0);
  return sum;
}
