import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Averager, Resampler } from './resample.js';

const rates = [11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000] as const;
/** What an upload may come at, too: hardly anything in common with 8000. */
const oddRates = [9999, 37_800] as const;

function tone(hz: number, sampleRateHz: number, seconds = 1): Float32Array {
  return Float32Array.from({ length: sampleRateHz * seconds }, (_, n) =>
    Math.sin((2 * Math.PI * hz * n) / sampleRateHz),
  );
}

/** One of each rate, begun anew for each tone. */
const resamplers = new Map<number, Resampler>();

/** Level of a resampled full-scale tone against itself, in dB, the filter's start left out. */
function gainDb(hz: number, sampleRateHz: number, seconds = 1): number {
  const resampler = resamplers.get(sampleRateHz) ?? new Resampler(sampleRateHz);
  resamplers.set(sampleRateHz, resampler);
  resampler.reset();
  const output = resampler.process(tone(hz, sampleRateHz, seconds)).subarray(400);
  const power = output.reduce((sum, sample) => sum + sample * sample, 0) / output.length;
  return 10 * Math.log10(power / 0.5 + 1e-12);
}

describe.each([...rates, ...oddRates])('resampling from %i Hz', (rate) => {
  it.each([100, 300, 1000, 2000, 3000, 3400])('passes %i Hz within half a decibel', (hz) => {
    expect(Math.abs(gainDb(hz, rate))).toBeLessThan(0.5);
  });

  const below = [4100, 4600, 5000, 6500, 7000, 7900].filter((hz) => hz < rate / 2);
  it.each(below)('keeps %i Hz from folding back by more than 60 dB', (hz) => {
    expect(gainDb(hz, rate)).toBeLessThan(-60);
  });

  // Tones 40 Hz apart (more where a rate is seldom), 0.1 s of each: the 50 ms after the filter's start hold a whole number of periods of every one of them.
  const everyHz = [16_000, 24_000, 48_000].includes(rate) ? 40 : rate > 48_000 ? 1600 : 200;
  const sweep = (fromHz: number, toHz: number): number[] =>
    Array.from({ length: Math.floor((toHz - fromHz) / everyHz) + 1 }, (_, i) =>
      gainDb(fromHz + everyHz * i, rate, 0.1),
    );

  it('ripples by less than half a decibel over a sweep of the telephone band, 200 to 3400 Hz', () => {
    const gains = sweep(200, 3400);
    expect(Math.max(...gains)).toBeLessThan(0.5);
    expect(Math.min(...gains)).toBeGreaterThan(-0.5);
  });

  it('lets nothing from 4040 Hz to the end of its band fold back above -60 dB', () => {
    expect(Math.max(...sweep(4040, rate / 2 - 40))).toBeLessThan(-60);
  });

  it('gives 8000 samples a second', () => {
    expect(new Resampler(rate).process(new Float32Array(rate))).toHaveLength(8000);
  });

  it('never lets chunking change the result', () => {
    const input = Float32Array.from({ length: 2000 }, (_, n) => Math.sin(n * n * 0.001));
    const resampler = new Resampler(rate);
    const whole = Float32Array.from(resampler.process(input));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 }), (sizes) => {
        resampler.reset();
        const parts: number[] = [];
        let at = 0;
        for (const size of [...sizes, input.length]) {
          parts.push(...resampler.process(input.subarray(at, at + size)));
          at += size;
        }
        expect(parts).toEqual(Array.from(whole));
      }),
      { numRuns: 40 },
    );
  });

  it('begins anew after a reset', () => {
    const resampler = new Resampler(rate);
    const input = tone(440, rate).subarray(0, 1001);
    const first = Float32Array.from(resampler.process(input));
    resampler.reset();
    expect(resampler.process(input)).toEqual(first);
  });
});

describe.each(rates)('means beside what is resampled from %i Hz', (rate) => {
  it('are as many, however the input is cut', () => {
    const input = tone(440, rate, 0.1);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 }), (sizes) => {
        const [resampler, averager] = [new Resampler(rate), new Averager(rate)];
        let at = 0;
        for (const size of [...sizes, input.length]) {
          const part = input.subarray(at, at + size);
          const means = new Float32Array(resampler.process(part).length).fill(NaN);
          averager.process(part, means);
          expect(means.findIndex(Number.isNaN)).toBe(-1);
          at += size;
        }
      }),
      { numRuns: 20 },
    );
  });

  it('leave a tone in the middle of the band as loud as it was, within a decibel', () => {
    const means = new Averager(rate).process(tone(400, rate), new Float32Array(8000)).subarray(400);
    const power = means.reduce((sum, sample) => sum + sample * sample, 0) / means.length;
    expect(Math.abs(10 * Math.log10(power / 0.5))).toBeLessThan(1);
  });
});

it('keeps out what lies far above the telephone band', () => {
  expect(gainDb(12_345, 48_000)).toBeLessThan(-60);
  expect(gainDb(23_000, 48_000)).toBeLessThan(-60);
});
