import { webAssembly, type WasmMemory } from './web-assembly.js';
import { code, f32, i32, v128, wasmModule } from './wasm-writer.js';

/**
 * Approximate cosines of `rows` rows of signed bytes to one query: out[i] = scales[i] × Σ row[i]·query, and the greatest of them.
 * Addresses are bytes in the memory; the query is 16-bit numbers. Sizes must be a multiple of 8.
 */
export type Scan = (rowsAt: number, scalesAt: number, outAt: number, rows: number, queryAt: number) => number;

/** Sums of products of bytes stay whole: 127² × size fits the 24 bits of a float's mantissa up to this size. */
export const maxSize = 1040;

const get = code.get;

export function scanKernel(memory: WasmMemory, size: number): Scan {
  if (size % 8 !== 0 || size <= 0 || size > maxSize)
    throw new RangeError(`the scan takes vectors of a multiple of 8 up to ${maxSize} numbers, not ${size}`);
  const [rowsAt, scalesAt, outAt, rows, queryAt, done, sum, score, best] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const products = Array.from({ length: size / 8 }, (_, i) => [
    ...get(rowsAt),
    ...code.loadBytesWidened(8 * i),
    ...get(queryAt),
    ...code.loadVector(16 * i),
    ...code.dotPairs,
    ...get(sum),
    ...code.addInts,
    ...code.set(sum),
  ]);
  const lanes = [0, 1, 2, 3].flatMap((lane) => [
    ...get(sum),
    ...code.lane(lane),
    ...(lane > 0 ? code.add : []),
  ]);
  const advance = (local: number, bytes: number): number[] => [
    ...get(local),
    ...code.int(bytes),
    ...code.add,
    ...code.set(local),
  ];
  const bytes = wasmModule({
    name: 'scan',
    parameters: [i32, i32, i32, i32, i32],
    result: f32,
    locals: [i32, v128, f32, f32],
    body: [
      // No cosine lies below −1, so −2 is less than any.
      [...code.int(-2), ...code.toFloat, ...code.set(best)],
      code.repeat(
        [...code.zeroVector, ...code.set(sum)],
        ...products,
        [...lanes, ...code.toFloat, ...get(scalesAt), ...code.loadFloat, ...code.multiplyFloat],
        code.set(score),
        [...get(outAt), ...get(score), ...code.storeFloat],
        [...get(best), ...get(score), ...code.maxFloat, ...code.set(best)],
        advance(rowsAt, size),
        advance(scalesAt, 4),
        advance(outAt, 4),
        advance(done, 1),
        [...get(done), ...get(rows), ...code.lessThan],
      ),
      get(best),
    ],
  });
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } });
  return instance.exports['scan'] as Scan;
}
