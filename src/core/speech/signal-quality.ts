/** What is measured of one window of samples, whichever way the VAD decides about it later. */
export interface WindowLevel {
  readonly samples: number;
  readonly sumSquares: number;
  readonly clippedSamples: number;
}

/** µ-law's largest value is 8031/8192 = 0.980 of full scale, A-law's 0.984: a clipped signal gets no higher in either. */
const CLIPPED_AT = 0.98;

/** One 16-bit step, −90.3 dBFS: digital silence counts as this, so that no level or ratio is infinite. */
const FLOOR_POWER = (1 / 32768) ** 2;

export function measureWindow(samples: Float32Array): WindowLevel {
  let sumSquares = 0;
  let clippedSamples = 0;
  for (const sample of samples) {
    sumSquares += sample * sample;
    if (Math.abs(sample) >= CLIPPED_AT) clippedSamples += 1;
  }
  return { samples: samples.length, sumSquares, clippedSamples };
}

function total(windows: readonly WindowLevel[]): WindowLevel {
  let samples = 0;
  let sumSquares = 0;
  let clippedSamples = 0;
  for (const window of windows) {
    samples += window.samples;
    sumSquares += window.sumSquares;
    clippedSamples += window.clippedSamples;
  }
  return { samples, sumSquares, clippedSamples };
}

const decibels = (power: number): number => 10 * Math.log10(Math.max(power, FLOOR_POWER));

/** Level, clipping and signal-to-noise ratio over the newest speech and the newest background, up to `windows` of each. */
export class SignalQualityMeter {
  private readonly speech: WindowLevel[] = [];
  private readonly background: WindowLevel[] = [];

  constructor(private readonly windows: number) {}

  add(window: WindowLevel, isSpeech: boolean): void {
    const list = isSpeech ? this.speech : this.background;
    list.push(window);
    if (list.length > this.windows) list.shift();
  }

  read(): { speechLevelDbfs: number; snrDb: number | null; clippedShare: number } {
    const speech = total(this.speech);
    const background = total(this.background);
    const speechPower = speech.samples === 0 ? 0 : speech.sumSquares / speech.samples;
    const noisePower = background.samples === 0 ? 0 : background.sumSquares / background.samples;
    return {
      speechLevelDbfs: decibels(speechPower),
      // What is heard during speech is speech and background together.
      snrDb:
        speech.samples === 0 || background.samples === 0
          ? null
          : decibels(speechPower - noisePower) - decibels(noisePower),
      clippedShare: speech.samples === 0 ? 0 : speech.clippedSamples / speech.samples,
    };
  }
}
