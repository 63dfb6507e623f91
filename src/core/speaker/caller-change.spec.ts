import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EvidenceSegment } from './evidence-segment.js';
import { findCallerChange, type SplitSide } from './caller-change.js';
import { dot, unit } from './vectors.js';

const segmentMs = 3000;
const rule = { changeLlr: 0, minSideMs: 5000 };
/** 0 at 60°: the bisector of two voices at right angles is 45° from both. */
const llr = (one: SplitSide, other: SplitSide): number => 10 * (dot(one.direction, other.direction) - 0.5);

/** What the engine makes of speech whose voice at each second is given: 3 s in each segment, one every second. */
function segmentsOf(voices: readonly Float32Array[]): EvidenceSegment[] {
  return Array.from({ length: Math.max(0, voices.length - 2) }, (_, i) => {
    const heard = voices.slice(i, i + 3);
    const sum = heard[0]!.map((_, d) => heard.reduce((total, voice) => total + voice[d]!, 0));
    return {
      embedding: unit(sum) ?? sum,
      startMs: i * 2000,
      endMs: (i + 3) * 2000,
      netSpeechMs: segmentMs,
      totalNetSpeechMs: (i + 3) * 1000,
      newNetSpeechMs: i === 0 ? 3000 : 1000,
    };
  });
}

const ann = Float32Array.of(1, 0, 0);
const bob = Float32Array.of(0, 1, 0);
const seconds = (voice: Float32Array, count: number): Float32Array[] =>
  Array<Float32Array>(count).fill(voice);

describe('a change of the voice', () => {
  it('is found where it happened, with segments that hold both voices on neither side', () => {
    const found = findCallerChange(segmentsOf([...seconds(ann, 9), ...seconds(bob, 7)]), llr, rule);
    expect(found).toMatchObject({ atMs: 18_000, totalNetSpeechMs: 9000 });
    // Both sides pure: cosine 0.
    expect(found?.llr).toBeCloseTo(-5, 6);
  });

  it('waits until the new voice has as much speech as the rule asks', () => {
    const after = (count: number) =>
      findCallerChange(segmentsOf([...seconds(ann, 9), ...seconds(bob, count)]), llr, rule);
    expect(after(2)).toBeNull();
    expect(after(5)).not.toBeNull();
  });

  it('is not seen in one voice, however long and wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.tuple(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
        (count, [x, y]) => {
          const voice = unit(Float32Array.of(x, y, 0.3))!;
          return findCallerChange(segmentsOf(seconds(voice, count)), llr, rule) === null;
        },
      ),
    );
  });

  it('is not seen in one odd second', () => {
    const odd = [...seconds(ann, 8), bob, ...seconds(ann, 8)];
    expect(findCallerChange(segmentsOf(odd), llr, rule)).toBeNull();
  });

  it('is of no meaning without speech', () => {
    expect(findCallerChange([], llr, rule)).toBeNull();
  });
});
