import meydaModule from 'meyda';
import type { FrontEndPlan } from './front-end-plan.js';

/** Meyda's types describe its ES build, Node gets the CommonJS one, whose export is the object itself. */
interface MeydaCore {
  sampleRate: number;
  bufferSize: number;
  windowingFunction: string;
  extract(feature: 'powerSpectrum', signal: Float32Array): Float32Array;
}
const meyda = meydaModule as unknown as MeydaCore;

/** Meyda is one mutable object for the whole thread: front ends of different sizes set it in turn. */
let meydaSetFor: number | undefined;

function setMeyda(plan: FrontEndPlan): void {
  if (meydaSetFor === plan.fftSamples) return;
  meydaSetFor = plan.fftSamples;
  meyda.sampleRate = plan.sampleRateHz;
  meyda.bufferSize = plan.fftSamples;
  // The model's own window is shorter than the FFT, which Meyda's can't be.
  meyda.windowingFunction = 'rect';
}

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
  private readonly buffer: Float32Array;

  constructor(private readonly plan: FrontEndPlan) {
    this.buffer = new Float32Array(plan.fftSamples);
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

  /** Only frames that are taken cost their transform. */
  take(): MelFrame {
    const frame = { startSample: this.nextFrameSample, energies: this.energies() };
    this.skip();
    return frame;
  }

  skip(): void {
    this.from += this.plan.hopSamples;
    this.nextFrameSample += this.plan.hopSamples;
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

  private energies(): Float32Array {
    setMeyda(this.plan);
    const { window, bands } = this.plan;
    const { buffer, samples, from } = this;
    // The buffer's tail past the window stays zero.
    for (let n = 0; n < window.length; n++) buffer[n] = (samples[from + n] ?? 0) * (window[n] ?? 0);
    const power = meyda.extract('powerSpectrum', buffer);
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
