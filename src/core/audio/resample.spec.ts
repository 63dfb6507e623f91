import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimator } from './resample.js';

const rates = [16_000, 24_000, 48_000] as const;

function tone(hz: number, sampleRateHz: number, seconds = 1): Float32Array {
  return Float32Array.from({ length: sampleRateHz * seconds }, (_, n) =>
    Math.sin((2 * Math.PI * hz * n) / sampleRateHz),
  );
}

/** Level of a decimated full-scale tone against itself, in dB, the filter's start left out. */
function gainDb(hz: number, sampleRateHz: number, seconds = 1): number {
  const output = new Decimator(sampleRateHz, sampleRateHz / 8000)
    .process(tone(hz, sampleRateHz, seconds))
    .subarray(400);
  const power = output.reduce((sum, sample) => sum + sample * sample, 0) / output.length;
  return 10 * Math.log10(power / 0.5 + 1e-12);
}

describe.each(rates)('decimation from %i Hz', (rate) => {
  it.each([100, 300, 1000, 2000, 3000, 3400])('passes %i Hz within half a decibel', (hz) => {
    expect(Math.abs(gainDb(hz, rate))).toBeLessThan(0.5);
  });

  it.each([4100, 4600, 5000, 6500, 7000, 7900])('keeps %i Hz from folding back by more than 60 dB', (hz) => {
    expect(gainDb(hz, rate)).toBeLessThan(-60);
  });

  // Tones 40 Hz apart, 0.1 s of each: the 50 ms after the filter's start hold a whole number of periods of every one of them.
  const sweep = (fromHz: number, toHz: number): number[] =>
    Array.from({ length: Math.floor((toHz - fromHz) / 40) + 1 }, (_, i) =>
      gainDb(fromHz + 40 * i, rate, 0.1),
    );

  it('ripples by less than half a decibel over a sweep of the telephone band, 200 to 3400 Hz', () => {
    const gains = sweep(200, 3400);
    expect(Math.max(...gains)).toBeLessThan(0.5);
    expect(Math.min(...gains)).toBeGreaterThan(-0.5);
  });

  it('lets nothing from 4040 Hz to the end of its band fold back above -60 dB', () => {
    expect(Math.max(...sweep(4040, rate / 2 - 40))).toBeLessThan(-60);
  });

  it('gives one output per factor of inputs', () => {
    expect(new Decimator(rate, rate / 8000).process(new Float32Array(rate))).toHaveLength(8000);
  });

  it('never lets chunking change the result', () => {
    const input = Float32Array.from({ length: 2000 }, (_, n) => Math.sin(n * n * 0.001));
    const whole = new Decimator(rate, rate / 8000).process(input);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 }), (sizes) => {
        const decimator = new Decimator(rate, rate / 8000);
        const parts: number[] = [];
        let at = 0;
        for (const size of [...sizes, input.length]) {
          parts.push(...decimator.process(input.subarray(at, at + size)));
          at += size;
        }
        expect(parts).toEqual(Array.from(whole));
      }),
      { numRuns: 40 },
    );
  });

  it('begins anew after a reset', () => {
    const decimator = new Decimator(rate, rate / 8000);
    const input = tone(440, rate).subarray(0, 1001);
    const first = decimator.process(input);
    decimator.reset();
    expect(decimator.process(input)).toEqual(first);
  });
});

it('keeps out what lies far above the telephone band', () => {
  expect(gainDb(12_345, 48_000)).toBeLessThan(-60);
  expect(gainDb(23_000, 48_000)).toBeLessThan(-60);
});
