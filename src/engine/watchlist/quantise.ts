export interface Quantised {
  /** The vector is about `scale` times the whole numbers written. */
  readonly scale: number;
  /** Length of what is left over: the vector is no further than this from scale × numbers. */
  readonly error: number;
}

/** Writes the nearest whole numbers from −127 to 127 on an even scale. */
export function quantise(vector: Float32Array, into: Int8Array | Int16Array): Quantised {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) {
    into.fill(0);
    return { scale: 0, error: 0 };
  }
  const scale = Math.fround(largest / 127);
  let left = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] ?? 0;
    const whole = Math.max(-127, Math.min(127, Math.round(value / scale)));
    into[i] = whole;
    left += (value - scale * whole) ** 2;
  }
  return { scale, error: Math.sqrt(left) };
}
