import { describe, expect, it } from '@jest/globals';
import { DualMonoDetector, firstOfTwo, isDualMono } from './dual-mono.js';
import { decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw } from './g711.js';

const window = 256;

function noise(seed: number, level = 0.1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: window }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * level;
  });
}

const share = (caller: (i: number) => Float32Array, other: (i: number) => Float32Array): number => {
  const detector = new DualMonoDetector();
  let same = 0;
  for (let i = 1; i <= 100; i++) if (detector.isOneSound(caller(i), other(i))) same += 1;
  return same / 100;
};

describe('two channels', () => {
  it.each<[string, (window: Float32Array) => Float32Array]>([
    ['the same', (window) => window],
    ['the same, one a little softer', (window) => window.map((sample) => 0.6 * sample)],
    ['the same, one the wrong way up', (window) => window.map((sample) => -sample)],
    ['the same, one in A-law', (window) => decodeAlaw(encodeAlaw(window))],
    ['the same, one in µ-law', (window) => decodeMulaw(encodeMulaw(window))],
  ])('are one sound when they are %s', (_, change) => {
    expect(share((i) => noise(i), (i) => change(noise(i)))).toBe(1); // prettier-ignore
  });

  it.each<[string, (i: number) => Float32Array, (i: number) => Float32Array]>([
    ['hold two people', (i) => noise(i), (i) => noise(i + 1000)],
    ['are silent on one side', (i) => noise(i), () => new Float32Array(window)],
    ['are silent on the other', () => new Float32Array(window), (i) => noise(i)],
    ['hold an echo, softer and at once', (i) => noise(i, 0.02), (i) => noise(i, 0.1)],
    [
      'hold the caller over the echo',
      (i) => noise(i).map((s, n) => s + (noise(i + 500)[n] ?? 0)),
      (i) => noise(i),
    ],
  ])('are two when they %s', (_, caller, other) => {
    expect(share(caller, other)).toBe(0);
  });

  it('stay one through a few windows of noise', () => {
    const detector = new DualMonoDetector();
    for (let i = 1; i <= 20; i++) detector.isOneSound(noise(i), noise(i));
    expect(detector.isOneSound(noise(1), noise(2))).toBe(true);
    for (let i = 1; i <= 10; i++) detector.isOneSound(noise(i), noise(i + 50));
    expect(detector.isOneSound(noise(1), noise(2))).toBe(false);
  });
});

describe('the bytes of two channels', () => {
  it('are compared to the last sample, and the first channel is left where they were', () => {
    const data = Uint8Array.of(1, 2, 1, 2, 3, 4, 3, 4);
    expect(isDualMono(data, 2)).toBe(true);
    expect(isDualMono(Uint8Array.of(1, 2, 1, 2, 3, 4, 3, 5), 2)).toBe(false);
    expect(firstOfTwo(data, 2)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(data.subarray(0, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
  });
});
