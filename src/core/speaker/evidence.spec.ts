import { describe, expect, it } from '@jest/globals';
import { EvidenceWindow } from './evidence.js';
import type { EvidenceSegment } from './evidence-segment.js';
import { dot } from './vectors.js';

/** Unit vectors that are easily told apart. */
const axis = (i: number): Float32Array => Float32Array.from({ length: 4 }, (_, k) => (k === i ? 1 : 0));

/** A segment a second of unbroken speech; `whole`: the evidence beside it, of all since this second. */
function segment(second: number, own: number, whole?: { of: number; sinceMs: number }): EvidenceSegment {
  return {
    embedding: axis(own),
    startMs: (second - 3) * 1000,
    endMs: second * 1000,
    netSpeechMs: 3000,
    totalNetSpeechMs: second * 1000,
    newNetSpeechMs: 1000,
    ...(whole && {
      evidence: {
        embedding: axis(whole.of),
        startMs: whole.sinceMs,
        netSpeechMs: second * 1000 - whole.sinceMs,
      },
    }),
  };
}

const shareOf = (window: EvidenceWindow, i: number): number => {
  const direction = window.direction();
  return direction ? dot(direction, axis(i)) : NaN;
};

describe('evidence', () => {
  it('is the mean of the segments where the model makes no embedding of all of them', () => {
    const window = new EvidenceWindow(30_000);
    window.add(segment(3, 0));
    window.add(segment(4, 1));
    expect(shareOf(window, 0)).toBeCloseTo(Math.SQRT1_2);
    expect(shareOf(window, 1)).toBeCloseTo(Math.SQRT1_2);
  });

  it('is the embedding of all the speech of the window where the model makes one, and the newest of those', () => {
    const window = new EvidenceWindow(30_000);
    window.add(segment(3, 0, { of: 1, sinceMs: 0 }));
    window.add(segment(4, 0, { of: 2, sinceMs: 0 }));
    expect(shareOf(window, 2)).toBeCloseTo(1);
  });

  it('keeps what another worker or process heard before, by its share of the speech', () => {
    const window = new EvidenceWindow(30_000);
    window.add(segment(12, 0, { of: 0, sinceMs: 0 }));
    // From here on all that the model knows began at 12 s.
    window.add(segment(16, 1, { of: 1, sinceMs: 12_000 }));
    expect(shareOf(window, 0) / shareOf(window, 1)).toBeCloseTo(12 / 4);
    window.add(segment(43, 1, { of: 1, sinceMs: 13_000 }));
    expect(shareOf(window, 1)).toBeCloseTo(1);
  });

  it('takes nothing that reaches back over a caller change, and the embedding of all as soon as it does not', () => {
    const window = new EvidenceWindow(30_000);
    // Segments up to 10 s hold the first voice, which ended at 8 s.
    for (let second = 3; second <= 10; second++) window.add(segment(second, 0, { of: 3, sinceMs: 0 }));
    for (let second = 11; second <= 16; second++) window.add(segment(second, 1, { of: 3, sinceMs: 0 }));
    const llr = (before: { direction: Float32Array }, after: { direction: Float32Array }): number =>
      10 * dot(before.direction, after.direction) - 5;
    const found = window.splitAtCallerChange(llr, { changeLlr: 0, minSideMs: 5000 });
    expect(found?.atMs).toBe(8000);
    expect(window.countsFromMs).toBe(8000);
    expect(shareOf(window, 1)).toBeCloseTo(1);
    window.add(segment(17, 1, { of: 3, sinceMs: 0 }));
    expect(shareOf(window, 1)).toBeCloseTo(1);
    window.add(segment(18, 1, { of: 2, sinceMs: 8000 }));
    expect(shareOf(window, 2)).toBeCloseTo(1);
  });

  it('takes nothing of what was to be destroyed', () => {
    const window = new EvidenceWindow(30_000, 8000);
    window.add(segment(9, 0, { of: 3, sinceMs: 0 }));
    expect(shareOf(window, 0)).toBeCloseTo(1);
  });

  it('goes to another process as segments alone', () => {
    const window = new EvidenceWindow(30_000);
    window.add(segment(3, 0, { of: 1, sinceMs: 0 }));
    expect(window.copy()).toEqual([segment(3, 0)]);
  });
});
