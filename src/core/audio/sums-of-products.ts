/** Coefficients are taken this many at a time; what a filter has less is filled up with zeros. */
export const lanes = 4;

/**
 * Adds to sum n the products of all coefficients with the samples from n on: what a filter does, without its change of rate.
 * Four sums go side by side, so that a sample once read serves all four (twice as fast); sums left over go alone, each with
 * its products added in the same order.
 */
export function addProducts(
  taps: Float64Array,
  samples: Float64Array,
  sums: Float64Array,
  count: number,
): void {
  const length = taps.length;
  let n = 0;
  for (; n + 4 <= count; n += 4) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let x0 = samples[n] ?? 0;
    let x1 = samples[n + 1] ?? 0;
    let x2 = samples[n + 2] ?? 0;
    for (let t = 0; t < length; t += lanes) {
      const a = taps[t] ?? 0;
      const b = taps[t + 1] ?? 0;
      const c = taps[t + 2] ?? 0;
      const d = taps[t + 3] ?? 0;
      const x3 = samples[n + t + 3] ?? 0;
      const x4 = samples[n + t + 4] ?? 0;
      const x5 = samples[n + t + 5] ?? 0;
      const x6 = samples[n + t + 6] ?? 0;
      sum0 += a * x0 + b * x1 + c * x2 + d * x3;
      sum1 += a * x1 + b * x2 + c * x3 + d * x4;
      sum2 += a * x2 + b * x3 + c * x4 + d * x5;
      sum3 += a * x3 + b * x4 + c * x5 + d * x6;
      x0 = x4;
      x1 = x5;
      x2 = x6;
    }
    sums[n] = (sums[n] ?? 0) + sum0;
    sums[n + 1] = (sums[n + 1] ?? 0) + sum1;
    sums[n + 2] = (sums[n + 2] ?? 0) + sum2;
    sums[n + 3] = (sums[n + 3] ?? 0) + sum3;
  }
  for (; n < count; n++) sums[n] = (sums[n] ?? 0) + sumOfProducts(taps, 0, samples, n, length);
}

/** Of `length` coefficients and samples, a multiple of `LANES`. */
export function sumOfProducts(
  taps: Float64Array,
  tapsFrom: number,
  samples: Float64Array,
  samplesFrom: number,
  length: number,
): number {
  let sum = 0;
  for (let t = 0; t < length; t += lanes) {
    const tap = tapsFrom + t;
    const at = samplesFrom + t;
    sum +=
      (taps[tap] ?? 0) * (samples[at] ?? 0) +
      (taps[tap + 1] ?? 0) * (samples[at + 1] ?? 0) +
      (taps[tap + 2] ?? 0) * (samples[at + 2] ?? 0) +
      (taps[tap + 3] ?? 0) * (samples[at + 3] ?? 0);
  }
  return sum;
}
