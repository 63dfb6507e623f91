import { describe, expect, it } from '@jest/globals';
import { levelDbfs, Resampler, toL16 } from '../../src/web/customer/browser/pcm.js';

const sine = (hz: number, rateHz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rateHz * seconds }, (_, index) =>
    Math.sin((2 * Math.PI * hz * index) / rateHz),
  );

/** In pieces of odd lengths, as a browser hands them out. */
function inPieces(resampler: Resampler, samples: Float32Array, length: number): Float32Array {
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += length)
    out.push(...resampler.process(samples.subarray(at, at + length)));
  return Float32Array.from(out);
}

describe('the page’s resampler, from 44.1 to 16 kHz', () => {
  it.each([300, 1000, 3400])('leaves a tone of %d Hz what it is', (hz) => {
    const out = inPieces(new Resampler(44_100, 16_000), sine(hz, 44_100, 1), 2048);
    expect(out.length).toBeGreaterThan(15_950);
    const expected = sine(hz, 16_000, 1);
    const settled = Array.from({ length: 15_000 }, (_, index) => index + 400);
    const worst = Math.max(...settled.map((index) => Math.abs(out[index]! - expected[index]!)));
    expect(worst).toBeLessThan(0.01);
  });

  it('lets nothing fold back from above', () => {
    const out = inPieces(new Resampler(44_100, 16_000), sine(12_000, 44_100, 1), 2048);
    expect(levelDbfs(out.subarray(400, 15_400))).toBeLessThan(-50);
  });

  it('does not care in which pieces the sound comes', () => {
    const sound = sine(440, 44_100, 0.5);
    const whole = inPieces(new Resampler(44_100, 16_000), sound, sound.length);
    const pieces = inPieces(new Resampler(44_100, 16_000), sound, 97);
    expect(pieces.length).toBe(whole.length);
    expect(Math.max(...pieces.map((sample, index) => Math.abs(sample - whole[index]!)))).toBeLessThan(1e-5);
  });
});

describe('a block of sound', () => {
  it('is as loud as its mean square says', () => {
    expect(levelDbfs(sine(1000, 48_000, 1))).toBeCloseTo(-3.01, 2);
    expect(levelDbfs(new Float32Array(100).fill(0.1))).toBeCloseTo(-20, 5);
    expect(levelDbfs(new Float32Array(100))).toBe(-Infinity);
  });

  it('goes out as 16-bit little-endian, clipped at full scale', () => {
    expect([...new Uint8Array(toL16(Float32Array.of(0, 1, -1, 2, 0.5)))]).toEqual([
      0, 0, 0xff, 0x7f, 0x01, 0x80, 0xff, 0x7f, 0x00, 0x40,
    ]);
  });
});
