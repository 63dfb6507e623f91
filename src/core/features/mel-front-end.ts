import type { FrontEndPlan } from './front-end-plan.js';
import { PairedSpectra } from './paired-spectra.js';

export interface MelFrame {
  /** Index of the frame's first sample since the start or the last reset. */
  readonly startSample: number;
  readonly energies: Float32Array;
}

/** 8 kHz samples in, mel energies of overlapping frames out, as the model's manifest says; chunking changes nothing. */
export class MelFrontEnd {
  /** Samples that a frame may still need lie from `from` to `to`. */
  private samples = new Float32Array(4096);
  private from = 0;
  private to = 0;
  private nextFrameSample = 0;
  private readonly spectra: PairedSpectra;
  /** The next frame went through the transform with the one before it. */
  private isTransformed = false;

  constructor(private readonly plan: FrontEndPlan) {
    this.spectra = new PairedSpectra(plan);
  }

  push(samples: Float32Array): void {
    if (this.to + samples.length > this.samples.length) this.makeRoomFor(samples.length);
    this.samples.set(samples, this.to);
    this.to += samples.length;
  }

  /** First sample of the next frame, counted since the start or the last reset; undefined while that frame is not full. */
  get nextFrame(): number | undefined {
    return this.from + this.plan.frameSamples <= this.to ? this.nextFrameSample : undefined;
  }

  /** Only frames that are taken, and at times the one after them, cost their transform. */
  take(): MelFrame {
    const isSecond = this.isTransformed;
    const isPaired = !isSecond && this.transform();
    const power = isSecond ? this.spectra.powerOfSecond : this.spectra.powerOfFirst;
    const frame = { startSample: this.nextFrameSample, energies: this.energies(power) };
    this.skip();
    this.isTransformed = isPaired;
    return frame;
  }

  skip(): void {
    this.from += this.plan.hopSamples;
    this.nextFrameSample += this.plan.hopSamples;
    this.isTransformed = false;
  }

  process(samples: Float32Array): MelFrame[] {
    this.push(samples);
    const frames: MelFrame[] = [];
    while (this.nextFrame !== undefined) frames.push(this.take());
    return frames;
  }

  /** Forgets what came before, as after a gap: no frame may hold samples of both sides. */
  reset(): void {
    this.from = 0;
    this.to = 0;
    this.nextFrameSample = 0;
    this.isTransformed = false;
  }

  private makeRoomFor(count: number): void {
    const held = this.samples.subarray(this.from, this.to);
    const needed = held.length + count;
    const roomy = needed > this.samples.length ? new Float32Array(2 * needed) : this.samples;
    roomy.set(held);
    this.samples = roomy;
    this.to = held.length;
    this.from = 0;
  }

  /** True when the frame after this one was there already and went with it. */
  private transform(): boolean {
    const { first, second } = this.spectra;
    const next = this.from + this.plan.hopSamples;
    const isPaired = next + this.plan.frameSamples <= this.to;
    this.window(first, this.from);
    if (isPaired) this.window(second, next);
    else second.fill(0);
    this.spectra.transform();
    return isPaired;
  }

  private window(into: Float64Array, from: number): void {
    const { samples } = this;
    const { window } = this.plan;
    for (let n = 0; n < window.length; n++) into[n] = (samples[from + n] ?? 0) * (window[n] ?? 0);
  }

  private energies(power: Float64Array): Float32Array {
    const { bands } = this.plan;
    const energies = new Float32Array(bands.length);
    for (let b = 0; b < bands.length; b++) {
      const band = bands[b];
      if (band === undefined) continue;
      const { firstBin, weights } = band;
      let sum = 0;
      for (let w = 0; w < weights.length; w++) sum += (weights[w] ?? 0) * (power[firstBin + w] ?? 0);
      energies[b] = sum;
    }
    return energies;
  }
}
