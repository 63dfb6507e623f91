/** One frame of 20 ms as it is coded: 260 bits. */
export interface GsmFrame {
  /** Eight log area ratios. */
  readonly larc: readonly number[];
  readonly subframes: readonly GsmSubframe[];
}

export interface GsmSubframe {
  readonly lag: number;
  readonly gain: number;
  readonly grid: number;
  readonly peak: number;
  /** Thirteen pulses. */
  readonly pulses: readonly number[];
}

const larcBits = [6, 6, 5, 5, 4, 4, 3, 3];
const pulses = 13;
const subframes = 4;

/** Two frames in 65 bytes, bits from the lowest of each byte on: what Microsoft's WAV format 0x31 holds ("WAV49"). */
export function unpackPair(bytes: Uint8Array, at: number): [GsmFrame, GsmFrame] {
  let bit = at * 8;
  const take = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, bit++) value |= (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) << i;
    return value;
  };
  const frame = (): GsmFrame => ({
    larc: larcBits.map(take),
    subframes: Array.from({ length: subframes }, () => ({
      lag: take(7),
      gain: take(2),
      grid: take(2),
      peak: take(6),
      pulses: Array.from({ length: pulses }, () => take(3)),
    })),
  });
  return [frame(), frame()];
}
