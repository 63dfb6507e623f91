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

/** Meyda is one mutable object for the whole thread: two front ends that want different settings can't live side by side. */
let meydaSetFor: number | undefined;

function setMeyda(plan: FrontEndPlan): void {
  if (meydaSetFor !== undefined && meydaSetFor !== plan.fftSamples) {
    throw new Error(
      `Meyda is set for ${meydaSetFor}-point spectra in this thread and can't serve ${plan.fftSamples} as well`,
    );
  }
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
  private rest = new Float32Array(0);
  private nextFrameSample = 0;
  private readonly buffer: Float32Array;

  constructor(private readonly plan: FrontEndPlan) {
    setMeyda(plan);
    this.buffer = new Float32Array(plan.fftSamples);
  }

  process(samples: Float32Array): MelFrame[] {
    const { frameSamples, hopSamples } = this.plan;
    const all = new Float32Array(this.rest.length + samples.length);
    all.set(this.rest);
    all.set(samples, this.rest.length);
    const frames: MelFrame[] = [];
    let at = 0;
    for (; at + frameSamples <= all.length; at += hopSamples) {
      frames.push({ startSample: this.nextFrameSample, energies: this.energies(all, at) });
      this.nextFrameSample += hopSamples;
    }
    this.rest = all.slice(at);
    return frames;
  }

  /** Forgets what came before, as after a gap: no frame may hold samples of both sides. */
  reset(): void {
    this.rest = new Float32Array(0);
    this.nextFrameSample = 0;
  }

  private energies(samples: Float32Array, at: number): Float32Array {
    const { window, bands } = this.plan;
    // The buffer's tail past the window stays zero.
    for (let n = 0; n < window.length; n++) this.buffer[n] = (samples[at + n] ?? 0) * (window[n] ?? 0);
    const power = meyda.extract('powerSpectrum', this.buffer);
    const energies = new Float32Array(bands.length);
    for (const [b, { firstBin, weights }] of bands.entries()) {
      let sum = 0;
      for (let w = 0; w < weights.length; w++) sum += (weights[w] ?? 0) * (power[firstBin + w] ?? 0);
      energies[b] = sum;
    }
    return energies;
  }
}
