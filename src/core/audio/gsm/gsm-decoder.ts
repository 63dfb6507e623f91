import type { SampleReader } from '../sample-reader.js';
import { add, multiply, saturated, subtract } from './fixed-point.js';
import { unpackPair, type GsmFrame, type GsmSubframe } from './frame-bits.js';

/*
 * GSM full rate, ETSI EN 300 961 (GSM 06.10), clause 5.3: the decoder. Bit-exact, so that ffmpeg and sox can stand as oracles.
 * No kept package on npm decodes it, and every PBX's voicemail may come in it.
 */

const pairBytes = 65;
const subframeSamples = 40;
const maxLag = 120;
/** Table 5.6: the normalised direct mantissa. */
const mantissas = [18431, 20479, 22527, 24575, 26623, 28671, 30719, 32767];
/** Table 5.3b: the long-term predictor's gain. */
const gains = [3277, 11469, 21299, 32767];
/** Table 5.1, of each log area ratio: B, MIC and 1 / A. */
const ratios = [
  [0, -32, 13107],
  [0, -32, 13107],
  [2048, -16, 13107],
  [-2560, -16, 13107],
  [94, -8, 19223],
  [-1792, -8, 17476],
  [-341, -4, 31454],
  [-1144, -4, 29708],
] as const;
/** Where the mix of the last frame's and this one's ratios changes. */
const stretches = [
  [0, 13],
  [13, 27],
  [27, 40],
  [40, 160],
] as const;
const deemphasis = 28180;

class GsmDecoder {
  /** The newest short-term residual, behind it the 40 samples that are being made. */
  private readonly residual = new Int16Array(maxLag + subframeSamples);
  private readonly lattice = new Int16Array(9);
  private ratios: readonly number[] = new Array<number>(8).fill(0);
  private lag = subframeSamples;
  private last = 0;

  /** 160 samples of 16 bits from `at` on, scaled to 1. */
  decode(frame: GsmFrame, into: Float32Array, at: number): void {
    const excitation = new Int16Array(4 * subframeSamples);
    for (const [j, subframe] of frame.subframes.entries()) {
      this.longTerm(subframe);
      excitation.set(this.residual.subarray(maxLag), j * subframeSamples);
      this.residual.copyWithin(0, subframeSamples);
    }
    const before = this.ratios;
    this.ratios = ratios.map(([b, mic, inverse], i) => {
      const scaled = subtract(add(frame.larc[i] ?? 0, mic) << 10, b << 1);
      const ratio = multiply(inverse, scaled);
      return add(ratio, ratio);
    });
    for (const [part, [from, to]] of stretches.entries()) {
      const reflections = mixed(before, this.ratios, part).map(reflection);
      for (let k = from; k < to; k++) {
        const sample = this.shortTerm(excitation[k] ?? 0, reflections);
        this.last = add(sample, multiply(this.last, deemphasis));
        into[at + k] = (add(this.last, this.last) & ~7) / 32768;
      }
    }
  }

  /** Clauses 5.3.1 and 5.3.2: pulses on their grid, and the voice's period added to them. */
  private longTerm({ lag, gain, grid, peak, pulses }: GsmSubframe): void {
    const { residual } = this;
    if (lag >= subframeSamples && lag <= maxLag) this.lag = lag;
    const pulse = pulseDecoder(peak);
    residual.fill(0, maxLag);
    for (const [i, code] of pulses.entries()) residual[maxLag + grid + 3 * i] = pulse(code);
    for (let k = maxLag; k < maxLag + subframeSamples; k++) {
      const period = multiply(gains[gain] ?? 0, residual[k - this.lag] ?? 0);
      residual[k] = add(residual[k] ?? 0, period);
    }
  }

  /** Clause 5.3.3: the lattice of the vocal tract. */
  private shortTerm(excitation: number, reflections: readonly number[]): number {
    const { lattice } = this;
    let sample = excitation;
    for (let i = 7; i >= 0; i--) {
      const r = reflections[i] ?? 0;
      const held = lattice[i] ?? 0;
      sample = subtract(sample, multiply(r, held));
      lattice[i + 1] = add(held, multiply(r, sample));
    }
    lattice[0] = sample;
    return sample;
  }
}

/** Clause 5.2.15: a block's peak is coded as exponent and mantissa. */
function pulseDecoder(peak: number): (code: number) => number {
  let exponent = peak > 15 ? (peak >> 3) - 1 : 0;
  let mantissa = peak - (exponent << 3);
  if (mantissa === 0) {
    exponent = -4;
    mantissa = 7;
  } else {
    while (mantissa <= 7) {
      mantissa = (mantissa << 1) | 1;
      exponent -= 1;
    }
    mantissa -= 8;
  }
  const scale = mantissas[mantissa] ?? 0;
  const shift = 6 - exponent;
  const rounding = shift > 0 ? saturated(1 << (shift - 1)) : 0;
  return (code) => add(multiply(scale, ((code << 1) - 7) << 12), rounding) >> shift;
}

/** Clause 5.2.9.1: between two frames the ratios change in three steps. */
function mixed(before: readonly number[], now: readonly number[], part: number): number[] {
  return now.map((to, i) => {
    const from = before[i] ?? 0;
    switch (part) {
      case 0:
        return add(add(from >> 2, to >> 2), from >> 1);
      case 1:
        return add(from >> 1, to >> 1);
      case 2:
        return add(add(from >> 2, to >> 2), to >> 1);
      default:
        return to;
    }
  });
}

/** Clause 5.2.9.2: a log area ratio to a reflection coefficient. */
function reflection(ratio: number): number {
  const size = Math.min(Math.abs(ratio), 32767);
  const value = size < 11059 ? size << 1 : size < 20070 ? size + 11059 : add(size >> 2, 26112);
  return ratio < 0 ? -value : value;
}

/** One stream's decoder, as it remembers what came before; the format knows one channel only. */
export function gsmReader(): SampleReader {
  const decoder = new GsmDecoder();
  return (bytes, into) => {
    for (let pair = 0; pair * 320 < into.length; pair++) {
      const [first, second] = unpackPair(bytes, pair * pairBytes);
      decoder.decode(first, into, pair * 320);
      decoder.decode(second, into, pair * 320 + 160);
    }
  };
}
