/**
 * Writes the few WebAssembly instructions that the scan needs (WebAssembly core specification 2.0, chapter 5, and its vector
 * instructions, §5.4.8). The machine code is made from this text when the worker starts: no compiled file to trust or rebuild.
 */
export const i32 = 0x7f;
export const f32 = 0x7d;
export const v128 = 0x7b;
type ValueType = typeof i32 | typeof f32 | typeof v128;

/** LEB128, unsigned. */
function u32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** LEB128, signed, for i32.const. */
function s32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

const vector = (op: number, ...immediates: number[]): number[] => [0xfd, ...u32(op), ...immediates];
/** Alignment hint 0: any address is allowed. */
const at = (offset: number): number[] => [0, ...u32(offset)];

export const code = {
  get: (local: number): number[] => [0x20, ...u32(local)],
  set: (local: number): number[] => [0x21, ...u32(local)],
  int: (value: number): number[] => [0x41, ...s32(value)],
  add: [0x6a],
  lessThan: [0x48],
  toFloat: [0xb2],
  multiplyFloat: [0x94],
  maxFloat: [0x97],
  loadFloat: [0x2a, ...at(0)],
  storeFloat: [0x38, ...at(0)],
  loadVector: (offset: number): number[] => vector(0, ...at(offset)),
  /** Eight signed bytes as eight 16-bit numbers. */
  loadBytesWidened: (offset: number): number[] => vector(1, ...at(offset)),
  zeroVector: vector(12, ...new Array<number>(16).fill(0)),
  /** Products of 16-bit numbers, summed in pairs to four 32-bit ones. */
  dotPairs: vector(0xba),
  addInts: vector(0xae),
  lane: (index: number): number[] => vector(0x1b, index),
  /** Repeats the body while it leaves a non-zero condition. */
  repeat: (...body: readonly (readonly number[])[]): number[] => [0x03, 0x40, ...body.flat(), 0x0d, 0, 0x0b],
};

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...u32(content.length),
  ...content,
];
const name = (text: string): number[] => [...u32(text.length), ...Buffer.from(text, 'ascii')];

/** A module of one exported function over the memory `env.memory`. */
export function wasmModule(fn: {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType;
  readonly locals: readonly ValueType[];
  readonly body: readonly (readonly number[])[];
}): Uint8Array<ArrayBuffer> {
  const locals = [...u32(fn.locals.length), ...fn.locals.flatMap((type) => [1, type])];
  const func = [...locals, ...fn.body.flat(), 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...u32(fn.parameters.length), ...fn.parameters, 1, fn.result]),
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name(fn.name), 0, 0]),
    ...section(10, [1, ...u32(func.length), ...func]),
  ]);
}
