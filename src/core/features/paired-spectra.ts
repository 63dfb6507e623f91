import meydaModule from 'meyda';
import type { FrontEndPlan } from './front-end-plan.js';

/** Meyda's transform takes a signal as complex when it carries these beside its own samples. */
interface ComplexSignal extends Float64Array {
  real: Float64Array;
  imag: Float64Array;
}

/** Meyda's types describe its ES build, Node gets the CommonJS one, whose export is the object itself. */
interface MeydaCore {
  sampleRate: number;
  bufferSize: number;
  windowingFunction: string;
  extract(
    feature: 'complexSpectrum',
    signal: ComplexSignal,
  ): { readonly real: Float64Array; readonly imag: Float64Array };
}
const meyda = meydaModule as unknown as MeydaCore;

/** Meyda is one mutable object for the whole thread: front ends of different sizes set it in turn. */
let meydaSetFor: number | undefined;

function setMeyda({ fftSamples, sampleRateHz }: FrontEndPlan): void {
  if (meydaSetFor === fftSamples) return;
  meydaSetFor = fftSamples;
  meyda.sampleRate = sampleRateHz;
  meyda.bufferSize = fftSamples;
  // The model's own window is shorter than the FFT, which Meyda's can't be.
  meyda.windowingFunction = 'rect';
}

/**
 * Power spectra of two frames from one transform: one frame is its real part, the other its imaginary part, and what is even in
 * the outcome belongs to the one, what is odd to the other. In float64, so that neither leaves a trace in the other's float32.
 */
export class PairedSpectra {
  /** To be filled, each with a frame behind its window; their tails stay zero. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly powerOfFirst: Float64Array;
  readonly powerOfSecond: Float64Array;
  private readonly signal: ComplexSignal;

  constructor(private readonly plan: FrontEndPlan) {
    const { fftSamples } = plan;
    this.first = new Float64Array(fftSamples);
    this.second = new Float64Array(fftSamples);
    this.powerOfFirst = new Float64Array(fftSamples / 2);
    this.powerOfSecond = new Float64Array(fftSamples / 2);
    this.signal = Object.assign(new Float64Array(fftSamples), { real: this.first, imag: this.second });
  }

  transform(): void {
    setMeyda(this.plan);
    const { real, imag } = meyda.extract('complexSpectrum', this.signal);
    const { powerOfFirst, powerOfSecond } = this;
    const size = real.length;
    for (let bin = 0; bin < powerOfFirst.length; bin++) {
      const mirrored = (size - bin) % size;
      const re = real[bin] ?? 0;
      const im = imag[bin] ?? 0;
      const mirroredRe = real[mirrored] ?? 0;
      const mirroredIm = imag[mirrored] ?? 0;
      powerOfFirst[bin] = ((re + mirroredRe) ** 2 + (im - mirroredIm) ** 2) / 4;
      powerOfSecond[bin] = ((im + mirroredIm) ** 2 + (mirroredRe - re) ** 2) / 4;
    }
  }
}
