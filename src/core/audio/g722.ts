import type { SampleReader } from './sample-reader.js';

/*
 * ITU-T G.722 (09/2012) at 64 kbit/s: two bands of 4 kHz, each in adaptive differences; an octet is two samples at 16 kHz. No kept
 * package on npm decodes it. Names of blocks are the Recommendation's (clause 6.2); checked beside ffmpeg.
 */

/** Table 14: the logarithmic scale factor's steps of the lower and higher band. */
const lowerSteps = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const higherSteps = [0, -214, 798];
const lowerStepOf = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
const higherStepOf = [2, 1, 2, 1];
const linearSteps = [2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008]; // prettier-ignore
/** Inverse quantizers of 2, 4 and 6 bits. */
const quants2 = [-7408, -1616, 7408, 1616];
const quants4 = [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0]; // prettier-ignore
const quants6 = [-136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136]; // prettier-ignore
/** Table 11: the receiving quadrature mirror filter, every other coefficient. */
const mirror = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

function clamp(value: number, least: number, most: number): number {
  return value < least ? least : value > most ? most : value;
}

function saturated(value: number): number {
  return clamp(value, -32768, 32767);
}

/** One band's predictor and the scale of its quantizer. */
class Band {
  prediction = 0;
  private zeroPrediction = 0;
  private logScale = 0;
  private readonly reconstructed = new Int32Array(3);
  private readonly partial = new Int32Array(3);
  private readonly poles = new Int32Array(3);
  private readonly zeros = new Int32Array(7);
  private readonly differences = new Int32Array(7);

  constructor(
    private scale: number,
    private readonly logMost: number,
    private readonly shift: number,
  ) {}

  /** A quantizer's step times the scale. */
  scaled(quant: number): number {
    return (this.scale * quant) >> 15;
  }

  /** LOGSCL, SCALEL. */
  rescale(step: number): void {
    this.logScale = clamp(((this.logScale * 127) >> 7) + step, 0, this.logMost);
    const linear = linearSteps[(this.logScale >> 6) & 31] ?? 0;
    const shift = this.shift - (this.logScale >> 11);
    this.scale = (shift < 0 ? linear << -shift : linear >> shift) << 2;
  }

  /** Block 4: the predictor learns the newest difference and predicts the next sample. */
  learn(difference: number): void {
    const { differences, reconstructed, partial } = this;
    differences[0] = difference;
    reconstructed[0] = saturated(this.prediction + difference);
    partial[0] = saturated(this.zeroPrediction + difference);
    this.adaptPoles();
    this.adaptZeros();
    differences.copyWithin(1, 0, 6);
    reconstructed.copyWithin(1, 0, 2);
    partial.copyWithin(1, 0, 2);
    const pole = (i: number): number => ((this.poles[i] ?? 0) * saturated(2 * (reconstructed[i] ?? 0))) >> 15;
    let zeros = 0;
    for (let i = 6; i > 0; i--) zeros += ((this.zeros[i] ?? 0) * saturated(2 * (differences[i] ?? 0))) >> 15;
    this.zeroPrediction = saturated(zeros);
    this.prediction = saturated(saturated(pole(1) + pole(2)) + this.zeroPrediction);
  }

  /** UPPOL2, UPPOL1. */
  private adaptPoles(): void {
    const [now = 0, last = 0, before = 0] = this.partial;
    const [, first = 0, second = 0] = this.poles;
    const sameAsLast = now >> 15 === last >> 15;
    const steep = saturated(first << 2);
    const turned = Math.min(sameAsLast ? -steep : steep, 32767);
    const step = now >> 15 === before >> 15 ? 128 : -128;
    const nextSecond = clamp(step + (turned >> 7) + ((second * 32512) >> 15), -12288, 12288);
    const bound = saturated(15360 - nextSecond);
    const nextFirst = saturated((sameAsLast ? 192 : -192) + ((first * 32640) >> 15));
    this.poles[2] = nextSecond;
    this.poles[1] = clamp(nextFirst, -bound, bound);
  }

  /** UPZERO. */
  private adaptZeros(): void {
    const [now = 0] = this.differences;
    const step = now === 0 ? 0 : 128;
    for (let i = 1; i < 7; i++) {
      const same = (this.differences[i] ?? 0) >> 15 === now >> 15;
      this.zeros[i] = saturated((same ? step : -step) + (((this.zeros[i] ?? 0) * 32640) >> 15));
    }
  }
}

class G722Decoder {
  private readonly lower = new Band(32, 18432, 8);
  private readonly higher = new Band(8, 22528, 10);
  private readonly mirrored = new Int32Array(24);

  decode(octet: number, into: Float32Array, at: number): void {
    const { lower, higher, mirrored } = this;
    const low = octet & 0x3f;
    const rLow = clamp(lower.prediction + lower.scaled(quants6[low] ?? 0), -16384, 16383);
    const dLow = lower.scaled(quants4[low >> 2] ?? 0);
    lower.rescale(lowerSteps[lowerStepOf[low >> 2] ?? 0] ?? 0);
    lower.learn(dLow);
    const high = octet >> 6;
    const dHigh = higher.scaled(quants2[high] ?? 0);
    const rHigh = clamp(higher.prediction + dHigh, -16384, 16383);
    higher.rescale(higherSteps[higherStepOf[high] ?? 0] ?? 0);
    higher.learn(dHigh);
    mirrored.copyWithin(0, 2);
    mirrored[22] = rLow + rHigh;
    mirrored[23] = rLow - rHigh;
    let [first, second] = [0, 0];
    for (let i = 0; i < 12; i++) {
      second += (mirrored[2 * i] ?? 0) * (mirror[i] ?? 0);
      first += (mirrored[2 * i + 1] ?? 0) * (mirror[11 - i] ?? 0);
    }
    into[at] = saturated(first >> 11) / 32768;
    into[at + 1] = saturated(second >> 11) / 32768;
  }
}

/** One channel's decoder, as it remembers what came before. */
export function g722Reader(): SampleReader {
  const decoder = new G722Decoder();
  return (bytes, into, channels, channel) => {
    for (let i = 0; 2 * i < into.length; i++) decoder.decode(bytes[i * channels + channel] ?? 0, into, 2 * i);
  };
}
