import { lowPass } from './low-pass.js';
import { Scratch } from './scratch.js';
import { addProducts, lanes } from './sums-of-products.js';

const noTaps = new Float64Array(0);

/** Keeps every `factor`th sample of what the low-pass leaves. Each output is the same sum in the same order, however the input was cut. */
export class Decimator {
  private readonly length: number;
  /** Coefficients by phase: every `factor`th one beside the next, and zeros behind the last to fill its lanes. */
  private readonly taps: readonly Float64Array[];
  /** The samples that outputs to come need, laid out like the coefficients they meet. */
  private readonly phases: Float64Array[];
  private held = 0;
  private sums = new Float64Array(0);
  private readonly output = new Scratch();

  constructor(
    sampleRateHz: number,
    private readonly factor: number,
    stopHz: number,
  ) {
    const taps = lowPass(sampleRateHz, stopHz);
    this.length = taps.length;
    const perPhase = lanes * Math.ceil(taps.length / factor / lanes);
    this.taps = Array.from({ length: factor }, (_, phase) =>
      Float64Array.from({ length: perPhase }, (__, i) => taps[phase + i * factor] ?? 0),
    );
    this.phases = Array.from({ length: factor }, () => new Float64Array(0));
    this.reset();
  }

  /** The result is good until the next call. */
  process(input: Float32Array): Float32Array {
    const { factor, phases, taps } = this;
    this.makeRoomFor(input.length);
    const { sums } = this;
    for (const [p, phase] of phases.entries()) this.layOut(input, p, phase);
    this.held += input.length;
    const count = whole(Math.max(0, this.held - this.length + factor) / factor);
    sums.fill(0, 0, count);
    for (const [p, phase] of phases.entries()) {
      addProducts(taps[p] ?? noTaps, phase, sums, count);
      phase.copyWithin(0, count);
    }
    this.held -= count * factor;
    const output = this.output.of(count);
    for (let n = 0; n < count; n++) output[n] = sums[n] ?? 0;
    return output;
  }

  /** Forgets what came before, as after a gap. */
  reset(): void {
    for (const phase of this.phases) phase.fill(0);
    this.held = this.length - 1;
  }

  private layOut(input: Float32Array, p: number, phase: Float64Array): void {
    const { factor, held } = this;
    const first = (p - (held % factor) + factor) % factor;
    let at = whole((held + first - p) / factor);
    for (let i = first; i < input.length; i += factor) phase[at++] = input[i] ?? 0;
  }

  private makeRoomFor(samples: number): void {
    const needed = Math.ceil((this.length + samples) / this.factor) + lanes;
    if (needed <= this.sums.length) return;
    this.sums = new Float64Array(needed);
    for (const [p, phase] of this.phases.entries()) {
      const roomy = new Float64Array(needed);
      roomy.set(phase);
      this.phases[p] = roomy;
    }
  }
}

/** Cut to a whole number, and known as one to the compiler: a place in an array that may have a fraction costs half the speed. */
function whole(value: number): number {
  return value | 0;
}
