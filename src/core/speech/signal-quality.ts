import type { SignalQuality } from './signal-quality.types.js';
import { FLAT_WITHIN, type WindowLevel } from './window-level.js';

/** 10 s of VAD windows: the level of one utterance may be 4 dB off a speaker's own, that of ten seconds is not. */
export const QUALITY_WINDOWS = 313;

/** One 16-bit step, −90.3 dBFS: digital silence counts as this, so that no level or ratio is infinite. */
const FLOOR_POWER = (1 / 32768) ** 2;
/** Speech that does not rise above the background is this far below it: the ratio of two nearly equal powers says no more. */
const LOWEST_RATIO = 0.1;

/** Words begin before the VAD hears them and die away after: so many windows next to speech are no background. */
const AFTER_SPEECH = 4;
const BEFORE_SPEECH = 2;
/** With fewer windows of background than this, those next to speech have to do. */
const ENOUGH_BACKGROUND = 5;
/** The loudest tenth of the background is left out: clicks, coughs, a word the VAD missed. */
const KEPT_BACKGROUND = 0.9;

interface Background {
  readonly power: number;
  besideSpeech: boolean;
}

interface Speech extends WindowLevel {
  readonly concealedShare: number;
}

const decibels = (power: number): number => 10 * Math.log10(Math.max(power, FLOOR_POWER));

/** Level, clipping, concealment and signal-to-noise ratio over the newest speech and the newest background, up to `windows` of each. */
export class SignalQualityMeter {
  private readonly speech: Speech[] = [];
  private readonly background: Background[] = [];
  private sinceSpeech = Infinity;

  constructor(private readonly windows: number) {}

  add(level: WindowLevel, isSpeech: boolean, concealedShare = 0): void {
    if (isSpeech) {
      if (this.sinceSpeech > 0)
        for (const window of this.background.slice(-BEFORE_SPEECH)) window.besideSpeech = true;
      this.sinceSpeech = 0;
      keep(this.speech, { ...level, concealedShare }, this.windows);
    } else {
      this.sinceSpeech += 1;
      const besideSpeech = this.sinceSpeech <= AFTER_SPEECH;
      keep(this.background, { power: level.sumSquares / level.samples, besideSpeech }, this.windows);
    }
  }

  read(): SignalQuality {
    let samples = 0;
    let sumSquares = 0;
    let concealed = 0;
    for (const window of this.speech) {
      samples += window.samples;
      sumSquares += window.sumSquares;
      concealed += window.concealedShare;
    }
    const noisePower = this.noisePower();
    if (samples === 0)
      return { speechLevelDbfs: decibels(0), snrDb: null, clippedShare: 0, concealedShare: 0 };
    const speechPower = sumSquares / samples;
    return {
      speechLevelDbfs: decibels(speechPower),
      snrDb: noisePower === null ? null : ratioDb(speechPower, noisePower),
      clippedShare: this.clippedSamples() / samples,
      concealedShare: concealed / this.speech.length,
    };
  }

  private noisePower(): number | null {
    const apart = this.background.filter((window) => !window.besideSpeech);
    const used = apart.length < ENOUGH_BACKGROUND ? this.background : apart;
    if (used.length === 0) return null;
    const powers = Float64Array.from(used, (window) => window.power).sort();
    const kept = powers.subarray(0, Math.max(1, Math.floor(powers.length * KEPT_BACKGROUND)));
    return kept.reduce((total, power) => total + power, 0) / kept.length;
  }

  /** Wherever a signal was clipped, its loud windows all end at the same height, and stay there. */
  private clippedSamples(): number {
    let top = 0;
    let bottom = 0;
    for (const { highest, lowest } of this.speech) {
      if (highest > top) top = highest;
      if (lowest < bottom) bottom = lowest;
    }
    let clipped = 0;
    for (const window of this.speech) {
      const high = window.highest >= top * (1 - FLAT_WITHIN) ? window.flatHighSamples : 0;
      const low = window.lowest <= bottom * (1 - FLAT_WITHIN) ? window.flatLowSamples : 0;
      clipped += Math.max(window.fullScaleSamples, high + low);
    }
    return clipped;
  }
}

function keep<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}

/** What is heard during speech is speech and background together. */
function ratioDb(speechPower: number, noisePower: number): number {
  const noise = Math.max(noisePower, FLOOR_POWER);
  return 10 * Math.log10(Math.max((speechPower - noisePower) / noise, LOWEST_RATIO));
}
