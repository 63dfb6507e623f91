import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMulaw } from '../../src/core/audio/g711.js';
import { decodeL16 } from '../../src/core/audio/pcm.js';
import { parseWav } from '../../src/core/audio/wav.js';

/** What a telephone line may carry, at 8 kHz; random sounds are the same in every run. */

const rate = 8000;
const root = join(import.meta.dirname, '../..');

export const talkers = ['allison', 'carlo', 'ivrvoice', 'june', 'menardi'] as const;
export type Talker = (typeof talkers)[number];

function read(path: string): Float32Array {
  const wav = parseWav(readFileSync(join(root, path)));
  if (wav.kind === 'refused') throw new Error(wav.detail);
  return wav.format.encoding === 'mulaw' ? decodeMulaw(wav.data) : decodeL16(wav.data);
}

export const speechOf = (talker: Talker, file = 'call-1'): Float32Array =>
  read(`samples/speech/${talker}/${file}.wav`);

/** Sixty seconds of real hold music (test/fixtures/music/README.md). */
export const holdMusic = (track: string): Float32Array => read(`test/fixtures/music/${track}.wav`);

export const seconds = (s: number): number => Math.round(s * rate);

/** Numbers in (−1, 1), evenly spread; Park and Miller's minimal standard generator. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 1_073_741_823.5 - 1;
  };
}

const powerOf = (sound: Float32Array): number =>
  sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length;
export const decibels = (ratio: number): number => 10 * Math.log10(ratio);

/** The sound with this RMS level, dB relative to full scale. */
export function atLevel(sound: Float32Array, dbfs: number): Float32Array {
  const gain = 10 ** (dbfs / 20) / Math.sqrt(powerOf(sound));
  return sound.map((sample) => sample * gain);
}

export function sum(...sounds: readonly Float32Array[]): Float32Array {
  const length = Math.max(...sounds.map((sound) => sound.length));
  return Float32Array.from({ length }, (_, n) => sounds.reduce((total, sound) => total + (sound[n] ?? 0), 0));
}

export function joined(...sounds: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((total, sound) => total + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}

export const silence = (s: number): Float32Array => new Float32Array(seconds(s));

export function looped(sound: Float32Array, s: number, from = 0): Float32Array {
  return Float32Array.from({ length: seconds(s) }, (_, n) => sound[(from + n) % sound.length]!);
}

export function whiteNoise(s: number, seed = 1): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: seconds(s) }, () => next() + next() + next());
}

/** Power falling by 3 dB an octave through the telephone band: P. Kellet's three-pole filter, and nothing below 100 Hz. */
export function pinkNoise(s: number, seed = 2): Float32Array {
  const white = whiteNoise(s, seed);
  const poles = [0, 0, 0];
  let [last, high] = [0, 0];
  return white.map((w) => {
    poles[0] = 0.99765 * poles[0]! + w * 0.099046;
    poles[1] = 0.963 * poles[1]! + w * 0.2965164;
    poles[2] = 0.57 * poles[2]! + w * 1.0526913;
    const pink = poles[0] + poles[1] + poles[2] + w * 0.1848;
    high = 0.925 * (high + pink - last);
    last = pink;
    return high;
  });
}

/** Mains hum with its harmonics. */
export function hum(s: number, hz = 50): Float32Array {
  return Float32Array.from({ length: seconds(s) }, (_, n) =>
    Array.from({ length: 10 }, (_, k) => Math.sin((2 * Math.PI * hz * (k + 1) * n) / rate) / (k + 1)).reduce(
      (a, b) => a + b,
    ),
  );
}

export interface Beep {
  readonly hz: readonly number[];
  readonly seconds: number;
}

/** Tones one after the other, over and over, −16 dBFS, on a line with a little noise. */
export function beeps(cadence: readonly Beep[], s: number): Float32Array {
  const once = joined(
    ...cadence.map(({ hz, seconds: length }) =>
      hz.length === 0
        ? silence(length)
        : atLevel(
            Float32Array.from({ length: seconds(length) }, (_, n) =>
              hz.reduce((total, f) => total + Math.sin((2 * Math.PI * f * n) / rate), 0),
            ),
            -16,
          ),
    ),
  );
  return sum(looped(once, s), atLevel(whiteNoise(s), -65));
}

/** Several people talking at once, none louder than another. */
export function babble(who: readonly Talker[], s: number): Float32Array {
  const voices = who.map((talker, i) =>
    atLevel(looped(joined(speechOf(talker), speechOf(talker, 'call-2')), s, i * 16_000), -26),
  );
  return sum(...voices);
}

/**
 * Active speech level after ITU-T P.56 (12/2011), method B: the mean power while the envelope (two 30 ms poles, 200 ms of
 * hang-over) is above a threshold that lies 15.9 dB below that level itself.
 */
export function activeLevelDbfs(voice: Float32Array): number {
  const g = Math.exp(-1 / (rate * 0.03));
  const hangover = seconds(0.2);
  const energy = powerOf(voice) * voice.length;
  let before: { level: number; margin: number } | undefined;
  for (let j = 1; j < 16; j++) {
    const threshold = 2 ** -j;
    let [p, q, active, since] = [0, 0, 0, Infinity];
    for (const sample of voice) {
      p = g * p + (1 - g) * Math.abs(sample);
      q = g * q + (1 - g) * p;
      since = q >= threshold ? 0 : since + 1;
      if (since <= hangover) active += 1;
    }
    if (active === 0) continue;
    const level = decibels(energy / active);
    const margin = level - 20 * Math.log10(threshold);
    if (margin >= 15.9 && before)
      return before.level + ((level - before.level) * (15.9 - before.margin)) / (margin - before.margin);
    before = { level, margin };
  }
  throw new Error('no speech in it');
}
