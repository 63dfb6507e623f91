/**
 * Streaming decimation to 8 kHz by a linear-phase FIR low-pass (Kaiser window design: J. F. Kaiser, 1974; formulas as in
 * Oppenheim and Schafer, Discrete-Time Signal Processing, 7.5.3). Only every kept output is computed, which is what the
 * polyphase form saves. Flat to 3.4 kHz (the telephone band), and 70 dB down from 4 kHz on, so that nothing folds back at all.
 */
const PASS_HZ = 3400;
const STOP_HZ = 4000;
const ATTENUATION_DB = 70;

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function lowPass(sampleRateHz: number): Float64Array {
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const transition = (2 * Math.PI * (STOP_HZ - PASS_HZ)) / sampleRateHz;
  const half = Math.ceil((ATTENUATION_DB - 7.95) / (2.285 * transition) / 2);
  const cutoff = (Math.PI * (PASS_HZ + STOP_HZ)) / sampleRateHz;
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const n = i - half;
    const sinc = n === 0 ? cutoff / Math.PI : Math.sin(cutoff * n) / (Math.PI * n);
    return (sinc * besselI0(beta * Math.sqrt(1 - (n / half) ** 2))) / besselI0(beta);
  });
  const gain = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map((tap) => tap / gain);
}

/** Delays by 4 ms (half the filter). Each output is one sum over the same samples in the same order, however the input was cut. */
export class Decimator {
  private readonly taps: Float64Array;
  private history: Float32Array;
  /** How many coming input samples to pass over before the next output. */
  private skip = 0;

  constructor(
    sampleRateHz: number,
    private readonly factor: number,
  ) {
    this.taps = lowPass(sampleRateHz);
    this.history = new Float32Array(this.taps.length - 1);
  }

  process(input: Float32Array): Float32Array {
    const { taps, factor } = this;
    const samples = new Float32Array(this.history.length + input.length);
    samples.set(this.history);
    samples.set(input, this.history.length);
    const count = Math.max(0, Math.ceil((input.length - this.skip) / factor));
    const output = new Float32Array(count);
    for (let o = 0; o < count; o++) {
      const start = this.skip + o * factor;
      let sum = 0;
      for (let t = 0; t < taps.length; t++) sum += (taps[t] ?? 0) * (samples[start + t] ?? 0);
      output[o] = sum;
    }
    this.skip += count * factor - input.length;
    this.history = samples.slice(input.length);
    return output;
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    this.history.fill(0);
    this.skip = 0;
  }
}

/** The plainest decimation: means of neighbouring samples, as many and at the same times as `Decimator` gives. What folds back is bearable where only likeness is looked for. */
export class Averager {
  private sum = 0;
  /** How many coming input samples to take before the next output. */
  private skip = 0;

  constructor(private readonly factor: number) {}

  process(input: Float32Array): Float32Array {
    const output = new Float32Array(Math.max(0, Math.ceil((input.length - this.skip) / this.factor)));
    let filled = 0;
    for (const sample of input) {
      this.sum += sample;
      if (this.skip === 0) {
        output[filled] = this.sum / this.factor;
        filled += 1;
        this.sum = 0;
        this.skip = this.factor;
      }
      this.skip -= 1;
    }
    return output;
  }

  reset(): void {
    this.sum = 0;
    this.skip = 0;
  }
}
