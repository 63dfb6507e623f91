import { lowPass } from './low-pass.js';
import { Scratch } from './scratch.js';
import { lanes, sumOfProducts } from './sums-of-products.js';

/**
 * To a rate that is `up / down` of the input's: as if `up - 1` zeros stood behind each sample, a low-pass went over them, and
 * every `down`th sample of that were kept. Only what is kept is computed, each from the coefficients that do not meet a zero.
 */
export class Interpolator {
  /** The coefficients of each of the `up` phases one behind the other, in the order of the samples. */
  private readonly taps: Float64Array;
  private readonly perPhase: number;
  private samples: Float64Array;
  /** Where the next output lies after the first held sample's place, in parts of `up` of a sample. */
  private next = 0;
  private readonly output = new Scratch();

  constructor(
    sampleRateHz: number,
    private readonly up: number,
    private readonly down: number,
    stopHz: number,
  ) {
    const wideRateHz = sampleRateHz * up;
    const taps = lowPass(wideRateHz, stopHz, up);
    const perPhase = lanes * Math.ceil(taps.length / up / lanes);
    this.perPhase = perPhase;
    this.taps = Float64Array.from({ length: up * perPhase }, (_, i) => {
      const phase = Math.floor(i / perPhase);
      return taps[phase + (perPhase - 1 - (i % perPhase)) * up] ?? 0;
    });
    this.samples = new Float64Array(perPhase - 1);
  }

  /** The result is good until the next call. */
  process(input: Float32Array): Float32Array {
    const { up, down, perPhase, taps } = this;
    const history = perPhase - 1;
    const held = history + input.length;
    if (this.samples.length < held) {
      const roomy = new Float64Array(held);
      roomy.set(this.samples.subarray(0, history));
      this.samples = roomy;
    }
    const { samples } = this;
    for (let i = 0; i < input.length; i++) samples[history + i] = input[i] ?? 0;
    const count = Math.max(0, Math.ceil((input.length * up - this.next) / down));
    const output = this.output.of(count);
    let at = this.next;
    for (let n = 0; n < count; n++, at += down) {
      // Whole, and known as such to the compiler: places that may have a fraction would cost half the speed.
      const from = (at / up) | 0;
      const phase = ((at - from * up) * perPhase) | 0;
      output[n] = sumOfProducts(taps, phase, samples, from, perPhase);
    }
    this.next = at - input.length * up;
    samples.copyWithin(0, input.length, held);
    return output;
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    this.samples.fill(0);
    this.next = 0;
  }
}
