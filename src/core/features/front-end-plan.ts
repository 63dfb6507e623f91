import type { FrontEndDescription } from './manifest.js';

/** A front end worked out from a manifest: tables only, ready to run. */
export interface FrontEndPlan {
  readonly sampleRateHz: number;
  readonly frameSamples: number;
  readonly fftSamples: number;
  readonly hopSamples: number;
  readonly window: Float64Array;
  readonly bands: readonly MelBand[];
}

/** A triangle's weights from its first bin on. */
export interface MelBand {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

/** The manifest asks for something that this front end can't do; using the model anyway would give wrong embeddings silently. */
export class FrontEndUnsupportedError extends Error {
  constructor(field: keyof FrontEndDescription, expected: string, found: string | number) {
    super(`frontEnd.${field}: expected ${expected}, found ${JSON.stringify(found)}`);
    this.name = 'FrontEndUnsupportedError';
  }
}

const number = String.raw`(\d+(?:\.\d+)?)`;
const windowText = new RegExp(
  String.raw`^Hamming, symmetric: ${number} - ${number} cos\(2 pi n / ${number}\), over the ${number} samples of a frame, then ${number} zeros$`,
);
const spectrumText = new RegExp(
  String.raw`^power, bins 0\.\.${number} of the ${number}-point FFT \(Meyda's powerSpectrum with its own window set to 'rect'\)$`,
);
const melScaleText = new RegExp(String.raw`^${number} ln\(1 \+ f/${number}\)$`);
const filtersText = new RegExp(
  String.raw`^triangles in mel, evenly spaced over lowHz\.\.highHz for melBandsDesigned bands, of which the melBands lowest are kept; no area normalisation; bin i lies at i\*${number}/${number} Hz$`,
);
const samplesText = /^in \[-1, 1\];/;

/** The numbers in a text of known form. */
function numbersIn(field: keyof FrontEndDescription, text: string, form: RegExp, example: string): number[] {
  const match = form.exec(text);
  if (match === null) throw new FrontEndUnsupportedError(field, `a text like "${example}"`, text);
  return match.slice(1).map(Number);
}

function same(
  field: keyof FrontEndDescription,
  text: string,
  found: readonly number[],
  expected: readonly number[],
): void {
  if (found.some((value, i) => value !== expected[i])) {
    throw new FrontEndUnsupportedError(field, `the numbers ${expected.join(', ')}`, text);
  }
}

function hammingWindow(front: FrontEndDescription): Float64Array {
  const example =
    'Hamming, symmetric: 0.54 - 0.46 cos(2 pi n / 199), over the 200 samples of a frame, then 56 zeros';
  const [a = 0, b = 0, ...rest] = numbersIn('window', front.window, windowText, example);
  same('window', front.window, rest, [
    front.frameSamples - 1,
    front.frameSamples,
    front.fftSamples - front.frameSamples,
  ]);
  return Float64Array.from(
    { length: front.frameSamples },
    (_, n) => a - b * Math.cos((2 * Math.PI * n) / (front.frameSamples - 1)),
  );
}

function melBands(front: FrontEndDescription, bins: number): MelBand[] {
  const [factor = 0, corner = 0] = numbersIn('melScale', front.melScale, melScaleText, '1127 ln(1 + f/700)');
  const mel = (hz: number): number => factor * Math.log(1 + hz / corner);
  const step = (mel(front.highHz) - mel(front.lowHz)) / (front.melBandsDesigned + 1);
  const binMels = Float64Array.from({ length: bins }, (_, i) =>
    mel((i * front.sampleRateHz) / front.fftSamples),
  );
  return Array.from({ length: front.melBands }, (_, band) => {
    const left = mel(front.lowHz) + band * step;
    const triangle = binMels.map((at) => Math.max(0, 1 - Math.abs(at - (left + step)) / step));
    const firstBin = triangle.findIndex((weight) => weight > 0);
    const lastBin = triangle.findLastIndex((weight) => weight > 0);
    // A band narrower than the distance of two bins may hold none: its energy is zero, as in the model's training.
    return firstBin < 0
      ? { firstBin: 0, weights: new Float64Array(0) }
      : { firstBin, weights: triangle.slice(firstBin, lastBin + 1) };
  });
}

export function planFrontEnd(front: FrontEndDescription): FrontEndPlan {
  const { sampleRateHz, frameSamples, fftSamples, hopSamples } = front;
  if (sampleRateHz !== 8000) throw new FrontEndUnsupportedError('sampleRateHz', '8000', sampleRateHz);
  if (!Number.isInteger(Math.log2(fftSamples)) || fftSamples < 16) {
    throw new FrontEndUnsupportedError('fftSamples', 'a power of two, 16 or more', fftSamples);
  }
  if (frameSamples > fftSamples || frameSamples < 2) {
    throw new FrontEndUnsupportedError('frameSamples', `2 to ${fftSamples} (fftSamples)`, frameSamples);
  }
  if (hopSamples > frameSamples) {
    throw new FrontEndUnsupportedError('hopSamples', `at most ${frameSamples} (frameSamples)`, hopSamples);
  }
  if (front.melBands > front.melBandsDesigned) {
    throw new FrontEndUnsupportedError(
      'melBands',
      `at most ${front.melBandsDesigned} (melBandsDesigned)`,
      front.melBands,
    );
  }
  if (front.highHz <= front.lowHz)
    throw new FrontEndUnsupportedError('highHz', `above ${front.lowHz} (lowHz)`, front.highHz);
  if (!samplesText.test(front.samples))
    throw new FrontEndUnsupportedError('samples', 'samples in [-1, 1]', front.samples);
  const bins = fftSamples / 2;
  const spectrumExample =
    "power, bins 0..127 of the 256-point FFT (Meyda's powerSpectrum with its own window set to 'rect')";
  same('spectrum', front.spectrum, numbersIn('spectrum', front.spectrum, spectrumText, spectrumExample), [
    bins - 1,
    fftSamples,
  ]);
  const filtersExample =
    'triangles in mel, evenly spaced …; no area normalisation; bin i lies at i*8000/256 Hz';
  same('filters', front.filters, numbersIn('filters', front.filters, filtersText, filtersExample), [
    sampleRateHz,
    fftSamples,
  ]);
  return {
    sampleRateHz,
    frameSamples,
    fftSamples,
    hopSamples,
    window: hammingWindow(front),
    bands: melBands(front, bins),
  };
}
