import { describe, expect, it } from '@jest/globals';
import { SignalQualityMeter } from './signal-quality.js';
import { measureWindow } from './window-level.js';

const constant = (value: number): Float32Array => new Float32Array(256).fill(value);
const sine = (amplitude: number): Float32Array =>
  Float32Array.from({ length: 256 }, (_, n) => amplitude * Math.sin((2 * Math.PI * n) / 16));

function meterOf(
  speech: readonly Float32Array[],
  background: readonly Float32Array[],
  windows = 10,
): SignalQualityMeter {
  const meter = new SignalQualityMeter(windows);
  for (const window of speech) meter.add(measureWindow(window), true);
  for (const window of background) meter.add(measureWindow(window), false);
  return meter;
}

describe('SignalQualityMeter', () => {
  it('gives the RMS level: a full-scale sine has −3.01 dBFS', () => {
    expect(meterOf([sine(1)], []).read().speechLevelDbfs).toBeCloseTo(-3.01, 2);
  });

  it('takes the background away before it forms the ratio', () => {
    // Powers 0.11 and 0.01: speech alone has 0.1, which is 10 dB above.
    expect(meterOf([constant(Math.sqrt(0.11))], [constant(0.1)]).read().snrDb).toBeCloseTo(10, 4);
  });

  it('knows no ratio until both have been heard', () => {
    expect(meterOf([sine(1)], []).read().snrDb).toBeNull();
    expect(meterOf([], [sine(1)]).read().snrDb).toBeNull();
  });

  it('counts samples at full scale, where µ-law ends', () => {
    const half = Float32Array.from({ length: 256 }, (_, n) => (n % 2 === 0 ? 8031 / 8192 : -0.5));
    expect(meterOf([half], []).read().clippedShare).toBe(0.5);
  });

  it('stays finite in digital silence and before anything was heard', () => {
    for (const { speechLevelDbfs, snrDb, clippedShare } of [
      meterOf([constant(0)], [constant(0)]).read(),
      meterOf([sine(0.5)], [constant(0)]).read(),
      meterOf([constant(0)], [sine(0.5)]).read(),
      meterOf([], []).read(),
    ]) {
      expect(Number.isFinite(speechLevelDbfs)).toBe(true);
      expect(snrDb === null || Number.isFinite(snrDb)).toBe(true);
      expect(clippedShare).toBe(0);
    }
  });

  it('forgets what is further back than its windows', () => {
    expect(meterOf([sine(1), sine(0.1)], [], 1).read().speechLevelDbfs).toBeCloseTo(-23.01, 2);
  });
});

describe('clipping below full scale', () => {
  /** A voice-like mixture of tones that changes its loudness, 64 windows of it, as some codec upstream may have clipped it. */
  const voice = (clippedAt: number): Float32Array[] =>
    Array.from({ length: 64 }, (_, w) =>
      Float32Array.from({ length: 256 }, (_, i) => {
        const t = (w * 256 + i) / 8000;
        const loudness = 0.4 + 0.3 * Math.sin(2 * Math.PI * 4 * t);
        const sound = Math.sin(2 * Math.PI * 130 * t) + 0.6 * Math.sin(2 * Math.PI * 517 * t);
        return Math.max(-clippedAt, Math.min(clippedAt, 0.5 * loudness * sound));
      }),
    );
  const shareOf = (windows: readonly Float32Array[]): number => meterOf(windows, [], 100).read().clippedShare;

  it.each([0.3, 0.1, 0.05])('is noticed at %d of full scale', (clippedAt) => {
    const clipped = voice(clippedAt);
    const exact = clipped
      .flatMap((window) => [...window])
      .filter((sample) => Math.abs(sample) >= clippedAt * 0.9999);
    const share = exact.length / (64 * 256);
    expect(share).toBeGreaterThan(0.005);
    expect(shareOf(clipped)).toBeGreaterThan(share * 0.7);
    expect(shareOf(clipped)).toBeLessThan(share * 1.3 + 0.01);
  });

  it('is not seen in a voice that has its peaks', () => {
    expect(shareOf(voice(1))).toBeLessThan(0.005);
  });
});
