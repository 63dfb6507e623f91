import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { Resampler } from '../../src/core/audio/resample.js';

/*
 * The oracle is soxr, which sox's `rate -v` runs at its best quality. Both get the same sound: 64 tones in the telephone band,
 * which must come out alike, and, apart from them, 64 tones above 4 kHz, which must not come out at all.
 */
const hasSox = spawnSync('sox', ['--version']).status === 0;
const describeWithSox = hasSox ? describe : describe.skip;
const name = hasSox ? 'beside soxr' : 'beside soxr (skipped: sox is not installed)';

const seconds = 0.4;
/** Both filters have filled by then, and every tone has a whole number of periods in what is measured. */
const skipped = 800;
const measured = 1600;

/** Tones 25 Hz apart or a multiple of it, of equal strength, their phases spread so that they nowhere add up to a peak. */
function tones(fromHz: number, toHz: number, sampleRateHz: number): Float32Array {
  const everyHz = 25 * Math.max(1, Math.floor((toHz - fromHz) / 64 / 25));
  const all = Array.from({ length: 64 }, (_, i) => fromHz + i * everyHz).filter((hz) => hz <= toHz);
  return Float32Array.from({ length: seconds * sampleRateHz }, (_, n) => {
    let sum = 0;
    for (const [i, hz] of all.entries()) {
      sum += Math.sin((2 * Math.PI * hz * n) / sampleRateHz + (Math.PI * i * i) / all.length);
    }
    return sum / 100;
  });
}

function bySoxr(samples: Float32Array, sampleRateHz: number): Float32Array {
  const raw = (rate: number) => ['-t', 'f32', '-r', String(rate), '-c', '1', '-'];
  const input = Buffer.from(samples.buffer);
  const { stdout, stderr } = spawnSync('sox', [...raw(sampleRateHz), ...raw(8000), 'rate', '-v'], {
    input,
    maxBuffer: 1 << 26,
  });
  if (stdout.length === 0) throw new Error(stderr.toString());
  return new Float32Array(Uint8Array.from(stdout).buffer);
}

function levelDb(samples: Float32Array, hz?: number): number {
  const part = samples.subarray(skipped, skipped + measured);
  let [re, im, power] = [0, 0, 0];
  part.forEach((sample, n) => {
    power += sample * sample;
    if (hz === undefined) return;
    re += sample * Math.cos((2 * Math.PI * hz * n) / 8000);
    im += sample * Math.sin((2 * Math.PI * hz * n) / 8000);
  });
  return (
    10 * Math.log10((hz === undefined ? power / measured : (2 * (re * re + im * im)) / measured ** 2) + 1e-15)
  );
}

describeWithSox(name, () => {
  describe.each([11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000])('from %i Hz', (rate) => {
    it('every tone of the telephone band is as loud, within 0.1 dB', () => {
      const sound = tones(200, 3400, rate);
      const [ours, theirs] = [new Resampler(rate).process(sound), bySoxr(sound, rate)];
      for (let hz = 200; hz <= 3350; hz += 50) {
        expect(Math.abs(levelDb(ours, hz) - levelDb(theirs, hz))).toBeLessThan(0.1);
      }
    });

    it('as little as there of what lies above 4 kHz folds back: 70 dB less than came', () => {
      const sound = tones(4050, rate / 2 - 50, rate);
      const came = levelDb(sound);
      expect(levelDb(bySoxr(sound, rate)) - came).toBeLessThan(-70);
      expect(levelDb(new Resampler(rate).process(sound)) - came).toBeLessThan(-70);
    });
  });
});
