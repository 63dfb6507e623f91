import { equirippleTaps } from './equiripple-taps.js';

/**
 * The low-pass filter in front of every change of rate: linear phase, 70 dB down in its stop-band. By the Kaiser window (J. F.
 * Kaiser, 1974; formulas as in Oppenheim and Schafer, Discrete-Time Signal Processing, 7.5.3) where no table has it.
 */
const attenuationDb = 70;
const beta = 0.1102 * (attenuationDb - 8.7);

/** Flat in the telephone band. */
const passHz = 3400;

/** An odd number of taps, symmetric; 70 dB down from `stopHz` on, and with a gain of `gain` at 0 Hz. */
export function lowPass(sampleRateHz: number, stopHz: number, gain = 1): Float64Array {
  const known = equirippleTaps.find((taps) => taps.sampleRateHz === sampleRateHz && taps.stopHz === stopHz);
  const taps = known
    ? Float64Array.of(...known.upToMiddle, ...known.upToMiddle.slice(0, -1).reverse())
    : byKaiserWindow(sampleRateHz, stopHz);
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => (tap * gain) / sum);
}

function byKaiserWindow(sampleRateHz: number, stopHz: number): Float64Array {
  const transition = (2 * Math.PI * (stopHz - passHz)) / sampleRateHz;
  const half = Math.ceil((attenuationDb - 7.95) / (2.285 * transition) / 2);
  const cutoff = (Math.PI * (passHz + stopHz)) / sampleRateHz;
  return Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const n = i - half;
    const sinc = n === 0 ? cutoff / Math.PI : Math.sin(cutoff * n) / (Math.PI * n);
    return sinc * besselI0(beta * Math.sqrt(1 - (n / half) ** 2));
  });
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
