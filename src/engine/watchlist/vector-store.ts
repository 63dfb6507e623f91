import { scanKernel, type Scan } from './scan-kernel.js';
import { webAssembly } from './web-assembly.js';

/** Rows are kept in blocks: small enough that a block's bytes stay in a core's second-level cache while a batch of queries runs over it. */
export const rowsPerBlock = 1024;

const pageBytes = 65_536;
/** The most that 32-bit WebAssembly addresses. */
const maxPages = 65_536;

/** A block's places in the memory, in bytes. */
export interface Block {
  /** One signed byte a number. */
  readonly bytesAt: number;
  /** What a row's bytes are multiplied by, one float a row. */
  readonly scalesAt: number;
  /** The vectors themselves. */
  readonly vectorsAt: number;
  /** No row of this block lies further than this from its bytes times its scale. */
  maxError: number;
}

/** The memory that all lists of a thread share, in blocks; a block that is given back is overwritten and used again. */
export class VectorStore {
  readonly scan: Scan;
  /** Where one query's 16-bit numbers go. */
  readonly queryAt = 0;
  /** Where one block's approximate cosines come out. */
  readonly outAt: number;
  private readonly memory = new webAssembly.Memory({ initial: 1, maximum: maxPages });
  private readonly free: Block[] = [];
  private usedBytes: number;

  constructor(readonly size: number) {
    this.scan = scanKernel(this.memory, size);
    this.outAt = align(2 * size);
    this.usedBytes = this.outAt + rowsPerBlock * 4;
    this.reserve(this.usedBytes);
  }

  take(): Block {
    const block = this.free.pop();
    if (block) return block;
    const bytesAt = align(this.usedBytes);
    const scalesAt = bytesAt + rowsPerBlock * this.size;
    const vectorsAt = scalesAt + rowsPerBlock * 4;
    this.usedBytes = vectorsAt + rowsPerBlock * this.size * 4;
    this.reserve(this.usedBytes);
    return { bytesAt, scalesAt, vectorsAt, maxError: 0 };
  }

  giveBack(block: Block): void {
    new Uint8Array(this.memory.buffer, block.bytesAt, rowsPerBlock * (5 * this.size + 4)).fill(0);
    block.maxError = 0;
    this.free.push(block);
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  // Views do not outlive a growth of the memory, so they are made anew for each use.

  bytesOf(block: Block): Int8Array {
    return new Int8Array(this.memory.buffer, block.bytesAt, rowsPerBlock * this.size);
  }

  scalesOf(block: Block): Float32Array {
    return new Float32Array(this.memory.buffer, block.scalesAt, rowsPerBlock);
  }

  vectorsOf(block: Block): Float32Array {
    return new Float32Array(this.memory.buffer, block.vectorsAt, rowsPerBlock * this.size);
  }

  query(): Int16Array {
    return new Int16Array(this.memory.buffer, this.queryAt, this.size);
  }

  out(): Float32Array {
    return new Float32Array(this.memory.buffer, this.outAt, rowsPerBlock);
  }

  private reserve(bytes: number): void {
    const pages = Math.ceil((bytes - this.memory.buffer.byteLength) / pageBytes);
    if (pages > 0) this.memory.grow(pages);
  }
}

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
