/** What is measured of one window of samples, whichever way the VAD decides about it later. */
export interface WindowLevel {
  readonly samples: number;
  readonly sumSquares: number;
  /** Samples at full scale of the telephone codecs. */
  readonly fullScaleSamples: number;
  /** The extremes, and how many samples stay at each for longer than a voice does. */
  readonly highest: number;
  readonly flatHighSamples: number;
  readonly lowest: number;
  readonly flatLowSamples: number;
}

/** µ-law's largest value is 8031/8192 = 0.980 of full scale, A-law's 0.984: a clipped signal gets no higher in either. */
const fullScale = 0.98;
/** Flat: within one µ-law step (1/32 of the value) of the extreme … */
export const flatWithin = 1 / 32;
/** … for at least this many samples on end. */
const flatSamples = 3;

export function measureWindow(samples: Float32Array): WindowLevel {
  let sumSquares = 0;
  let fullScaleSamples = 0;
  let highest = 0;
  let lowest = 0;
  for (let n = 0; n < samples.length; n++) {
    const sample = samples[n] ?? 0;
    sumSquares += sample * sample;
    if (sample >= fullScale || sample <= -fullScale) fullScaleSamples += 1;
    if (sample > highest) highest = sample;
    if (sample < lowest) lowest = sample;
  }
  const flatHighSamples = samplesInRuns(samples, highest);
  const flatLowSamples = samplesInRuns(samples, lowest);
  return {
    samples: samples.length,
    sumSquares,
    fullScaleSamples,
    highest,
    flatHighSamples,
    lowest,
    flatLowSamples,
  };
}

/** Samples within `flatWithin` of the extreme, in runs long enough. */
function samplesInRuns(samples: Float32Array, extreme: number): number {
  if (extreme === 0) return 0;
  const sign = Math.sign(extreme);
  const from = Math.abs(extreme) * (1 - flatWithin);
  let inRuns = 0;
  let run = 0;
  for (let n = 0; n < samples.length; n++) {
    if ((samples[n] ?? 0) * sign >= from) {
      run += 1;
      if (run === flatSamples) inRuns += flatSamples;
      else if (run > flatSamples) inRuns += 1;
    } else run = 0;
  }
  return inRuns;
}
