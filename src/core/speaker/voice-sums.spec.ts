import { describe, expect, it } from '@jest/globals';
import { VoiceSums } from './voice-sums.js';

const pieceMs = 1000;
const segmentMs = 3000;

/** One number a second of speech, each a power of two of its own: a sum says which seconds it is of. */
function heard(windowMs: number | undefined, seconds: number): VoiceSums {
  const sums = new VoiceSums(windowMs, pieceMs, segmentMs);
  for (let second = 0; second < seconds; second++) add(sums, second);
  return sums;
}

function add(sums: VoiceSums, second: number): void {
  const fromNetSpeechMs = second * 1000;
  sums.add({
    sums: Float32Array.of(2 ** (second % 24), 1),
    // The caller speaks every other second.
    startMs: second * 2000,
    endMs: second * 2000 + 1015,
    netSpeechMs: 1000,
    fromNetSpeechMs,
  });
}

const secondsIn = (sums: Float32Array | undefined, seconds: number): number[] =>
  Array.from({ length: seconds }, (_, i) => i).filter((i) => Math.floor((sums?.[0] ?? 0) / 2 ** i) % 2 === 1);

describe('the sums of a voice', () => {
  it('are of all that was said within the window', () => {
    const all = heard(30_000, 20).all();
    expect(secondsIn(all?.sums, 20)).toHaveLength(20);
    expect(all).toMatchObject({ startMs: 0, endMs: 39_015, netSpeechMs: 20_000, fromNetSpeechMs: 0 });
  });

  it.each([10_000, 30_000, 60_000])('never reach further back than a window of %d ms', (windowMs) => {
    const sums = new VoiceSums(windowMs, pieceMs, segmentMs);
    for (let second = 0; second < 300; second++) {
      add(sums, second);
      const { netSpeechMs = NaN, sums: found } = sums.all() ?? {};
      const spokenMs = (second + 1) * 1000;
      expect(netSpeechMs).toBeLessThanOrEqual(windowMs);
      expect(netSpeechMs).toBeGreaterThanOrEqual(Math.min(spokenMs, (windowMs * 5) / 6 - 1000));
      // The second number counts pieces: no stretch is lost or counted twice.
      expect(found?.[1]).toBe(netSpeechMs / 1000);
    }
  });

  it('of the newest speech are of whole pieces that hold as much as is asked for', () => {
    expect(secondsIn(heard(30_000, 20).newest(3000)?.sums, 20)).toEqual([17, 18, 19]);
    const sums = heard(30_000, 20);
    sums.add({
      sums: Float32Array.of(2 ** 20, 1),
      startMs: 40_000,
      endMs: 40_055,
      netSpeechMs: 40,
      fromNetSpeechMs: 20_000,
    });
    expect(secondsIn(sums.newest(3000)?.sums, 21)).toEqual([17, 18, 19, 20]);
  });

  it('keep the newest speech alone where nothing else is asked for', () => {
    const sums = heard(undefined, 20);
    expect(sums.all()).toBeUndefined();
    expect(sums.heldMs).toBe(3000);
    expect(secondsIn(sums.newest(3000)?.sums, 20)).toEqual([17, 18, 19]);
  });

  it('are of one voice alone once another has taken over', () => {
    const sums = heard(30_000, 20);
    sums.forgetBefore(15 * 2000);
    expect(secondsIn(sums.all()?.sums, 20)).toEqual([15, 16, 17, 18, 19]);
    sums.forgetBefore(1_000_000);
    expect(sums.all()).toBeUndefined();
    expect(sums.newest(3000)).toBeUndefined();
  });
});
