import type { SignalQuality } from './signal-quality.types.js';
import { flatWithin, type WindowLevel } from './window-level.js';

/** 10 s of VAD windows: the level of one utterance may be 4 dB off a speaker's own, that of ten seconds is not. */
export const qualityWindows = 313;

/** One 16-bit step, −90.3 dBFS: digital silence counts as this, so that no level or ratio is infinite. */
const floorPower = (1 / 32768) ** 2;
/** Speech that does not rise above the background is this far below it: the ratio of two nearly equal powers says no more. */
const lowestRatio = 0.1;

/** Words begin before the VAD hears them and die away after: so many windows next to speech are no background. */
const afterSpeech = 4;
const beforeSpeech = 2;
/** With fewer windows of background than this, those next to speech have to do. */
const enoughBackground = 5;
/** The loudest tenth of the background is left out: clicks, coughs, a word the VAD missed. */
const keptBackground = 0.9;

const decibels = (power: number): number => 10 * Math.log10(Math.max(power, floorPower));

/** Which places of a list of fixed length hold something; the oldest gives way to the newest. */
class Places {
  used = 0;
  private next = 0;

  constructor(private readonly most: number) {}

  take(): number {
    const place = this.next;
    this.next = (place + 1) % this.most;
    this.used = Math.min(this.used + 1, this.most);
    return place;
  }

  /** The newest places, up to so many. */
  newest(count: number): number[] {
    return Array.from(
      { length: Math.min(count, this.used) },
      (_, back) => (this.next - 1 - back + this.most) % this.most,
    );
  }
}

/**
 * Level, clipping, concealment and signal-to-noise ratio over the newest speech and the newest background, up to `windows` of
 * each. Read several times a second in every call, so windows lie in columns of numbers, not in objects.
 */
export class SignalQualityMeter {
  private readonly speech: Places;
  private readonly samples: Float64Array;
  private readonly sumSquares: Float64Array;
  private readonly concealed: Float64Array;
  private readonly highest: Float64Array;
  private readonly lowest: Float64Array;
  private readonly flatHigh: Float64Array;
  private readonly flatLow: Float64Array;
  private readonly fullScale: Float64Array;

  private readonly background: Places;
  private readonly power: Float64Array;
  private readonly besideSpeech: Uint8Array;
  private readonly sorted: Float64Array;
  private sinceSpeech = Infinity;

  constructor(windows: number) {
    const column = (): Float64Array => new Float64Array(windows);
    this.speech = new Places(windows);
    this.samples = column();
    this.sumSquares = column();
    this.concealed = column();
    this.highest = column();
    this.lowest = column();
    this.flatHigh = column();
    this.flatLow = column();
    this.fullScale = column();
    this.background = new Places(windows);
    this.power = column();
    this.besideSpeech = new Uint8Array(windows);
    this.sorted = column();
  }

  add(level: WindowLevel, isSpeech: boolean, concealedShare = 0): void {
    if (isSpeech) this.addSpeech(level, concealedShare);
    else this.addBackground(level);
  }

  read(): SignalQuality {
    const { used } = this.speech;
    if (used === 0) return { speechLevelDbfs: decibels(0), snrDb: null, clippedShare: 0, concealedShare: 0 };
    const samples = sumOf(this.samples, used);
    const speechPower = sumOf(this.sumSquares, used) / samples;
    const noisePower = this.noisePower();
    return {
      speechLevelDbfs: decibels(speechPower),
      snrDb: noisePower === null ? null : ratioDb(speechPower, noisePower),
      clippedShare: this.clippedSamples() / samples,
      concealedShare: sumOf(this.concealed, used) / used,
    };
  }

  private addSpeech(level: WindowLevel, concealedShare: number): void {
    if (this.sinceSpeech > 0)
      for (const place of this.background.newest(beforeSpeech)) this.besideSpeech[place] = 1;
    this.sinceSpeech = 0;
    const place = this.speech.take();
    this.samples[place] = level.samples;
    this.sumSquares[place] = level.sumSquares;
    this.concealed[place] = concealedShare;
    this.highest[place] = level.highest;
    this.lowest[place] = level.lowest;
    this.flatHigh[place] = level.flatHighSamples;
    this.flatLow[place] = level.flatLowSamples;
    this.fullScale[place] = level.fullScaleSamples;
  }

  private addBackground({ sumSquares, samples }: WindowLevel): void {
    this.sinceSpeech += 1;
    const place = this.background.take();
    this.power[place] = sumSquares / samples;
    this.besideSpeech[place] = this.sinceSpeech <= afterSpeech ? 1 : 0;
  }

  private noisePower(): number | null {
    const { used } = this.background;
    if (used === 0) return null;
    let apart = 0;
    for (let i = 0; i < used; i++) if (this.besideSpeech[i] === 0) this.sorted[apart++] = this.power[i] ?? 0;
    const enough = apart >= enoughBackground;
    if (!enough) this.sorted.set(this.power.subarray(0, used));
    const powers = this.sorted.subarray(0, enough ? apart : used).sort();
    const kept = Math.max(1, Math.floor(powers.length * keptBackground));
    return sumOf(powers, kept) / kept;
  }

  /** Wherever a signal was clipped, its loud windows all end at the same height, and stay there. */
  private clippedSamples(): number {
    const { used } = this.speech;
    let top = 0;
    let bottom = 0;
    for (let i = 0; i < used; i++) {
      top = Math.max(top, this.highest[i] ?? 0);
      bottom = Math.min(bottom, this.lowest[i] ?? 0);
    }
    let clipped = 0;
    for (let i = 0; i < used; i++) {
      const high = (this.highest[i] ?? 0) >= top * (1 - flatWithin) ? (this.flatHigh[i] ?? 0) : 0;
      const low = (this.lowest[i] ?? 0) <= bottom * (1 - flatWithin) ? (this.flatLow[i] ?? 0) : 0;
      clipped += Math.max(this.fullScale[i] ?? 0, high + low);
    }
    return clipped;
  }
}

function sumOf(column: Float64Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += column[i] ?? 0;
  return sum;
}

/** What is heard during speech is speech and background together. */
function ratioDb(speechPower: number, noisePower: number): number {
  const noise = Math.max(noisePower, floorPower);
  return 10 * Math.log10(Math.max((speechPower - noisePower) / noise, lowestRatio));
}
