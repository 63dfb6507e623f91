import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ArrivalRate, type ArrivalState } from './arrival-rate.js';

interface Stream {
  readonly packetMs?: number;
  readonly seconds?: number;
  /** How late each packet is. */
  readonly lateMs?: (packet: number) => number;
}

/** Packets sent at a steady pace that makes `ratio` seconds of audio a second. */
function heard(
  ratio: number,
  { packetMs = 20, seconds = 12, lateMs = () => 0 }: Stream = {},
): ArrivalState[] {
  const rate = new ArrivalRate();
  const packets = Math.floor((seconds * 1000 * ratio) / packetMs);
  return Array.from({ length: packets }, (_, i) => rate.audio((i * packetMs) / ratio + lateMs(i), packetMs));
}

const kinds = (states: readonly ArrivalState[]): Set<string> => new Set(states.map(({ kind }) => kind));

describe('audio that arrives', () => {
  it.each([
    [0.5, 'arrives-at-half-its-rate'],
    [1.5, 'arrives-at-1.5-times-its-rate'],
    [2, 'arrives-at-twice-its-rate'],
  ] as const)('at %d times its rate is noted after five seconds, and doubted after two', (ratio, note) => {
    for (const packetMs of [10, 20, 200]) {
      const states = heard(ratio, { packetMs });
      expect(states.at(-1)).toMatchObject({ kind: 'wrong', note });
      const certain = states.findIndex(({ kind }) => kind === 'wrong');
      const doubted = states.findIndex(({ kind }) => kind === 'doubtful');
      // A slice ends with a packet, so long packets make them longer.
      const heardMs = (index: number): number => (index * packetMs) / ratio;
      expect(Math.abs(heardMs(certain) - 5500)).toBeLessThanOrEqual(500);
      expect(Math.abs(heardMs(doubted) - 2250)).toBeLessThanOrEqual(250);
    }
  });

  it('is counted', () => {
    const last = heard(2, { seconds: 10.5 }).at(-1);
    expect(last).toEqual({ kind: 'wrong', note: 'arrives-at-twice-its-rate', ms: 20_000 });
  });

  it.each([0.8, 0.98, 1, 1.02, 1.2, 3, 10, 40])('at %d times its rate is left alone', (ratio) => {
    expect(kinds(heard(ratio))).toEqual(new Set(['plain']));
  });

  it('all at once, as a replay sends it, is left alone', () => {
    const rate = new ArrivalRate();
    expect(kinds(Array.from({ length: 5000 }, () => rate.audio(1000, 20)))).toEqual(new Set(['plain']));
  });

  it('through a network that shakes is judged as if it did not', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 50, maxLength: 50 }), (late) => {
        const lateMs = (packet: number): number => late[packet % 50] ?? 0;
        expect(kinds(heard(1, { lateMs }))).toEqual(new Set(['plain']));
        expect(heard(2, { lateMs }).at(-1)?.kind).toBe('wrong');
      }),
    );
  });

  it('in a burst after a stall is left alone', () => {
    const rate = new ArrivalRate();
    const states: ArrivalState[] = [];
    for (let second = 0; second < 30; second++) {
      // Every third second nothing comes, and the next one brings what is missing as well.
      const packets = second % 3 === 0 ? 0 : second % 3 === 1 ? 100 : 50;
      for (let i = 0; i < packets; i++) states.push(rate.audio(second * 1000 + i * (1000 / packets), 20));
    }
    expect(kinds(states)).toEqual(new Set(['plain']));
  });

  it('is not held against the next stream', () => {
    const rate = new ArrivalRate();
    for (let i = 0; i < 1000; i++) rate.audio(i * 10, 20);
    rate.reset();
    expect(rate.audio(10_000, 20)).toEqual({ kind: 'plain' });
  });
});
