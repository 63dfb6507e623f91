import { describe, expect, it } from '@jest/globals';
import { SegmentCutter, type Segment, type SegmentPlan } from './segment-cutter.js';

const plan: SegmentPlan = { lengthFrames: 6, hopFrames: 2, minFrames: 2, minNewFramesAtEnd: 1, bands: 1 };

/** Keeps frames whose one energy is their number, 10 ms apart. */
function keep(cutter: SegmentCutter, from: number, to: number): Segment[] {
  return Array.from({ length: to - from }, (_, i) =>
    cutter.keep(Float32Array.of(from + i), (from + i) * 10),
  ).filter((segment) => segment !== undefined);
}

describe('SegmentCutter', () => {
  it('gives the first segment when it is full and one more every hop, oldest frame first', () => {
    const segments = keep(new SegmentCutter(plan), 0, 11);
    expect(segments.map(({ mel }) => Array.from(mel))).toEqual([[0, 1, 2, 3, 4, 5], [2, 3, 4, 5, 6, 7], [4, 5, 6, 7, 8, 9]]); // prettier-ignore
    expect(segments[2]).toMatchObject({ frames: 6, firstFrameMs: 40, lastFrameMs: 90 });
  });

  it('gives the rest at the end when enough of it is new', () => {
    const cutter = new SegmentCutter(plan);
    keep(cutter, 0, 7);
    expect(Array.from(cutter.cutRest()!.mel)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(cutter.cutRest()).toBeUndefined();
  });

  it('gives less than a whole segment at the end of a short stream', () => {
    const cutter = new SegmentCutter(plan);
    keep(cutter, 0, 3);
    expect(cutter.cutRest()).toMatchObject({ frames: 3, firstFrameMs: 0, lastFrameMs: 20 });
  });

  it('gives nothing below what the model needs', () => {
    const cutter = new SegmentCutter(plan);
    keep(cutter, 0, 1);
    expect(cutter.cutRest()).toBeUndefined();
    expect(cutter.keptFrames).toBe(1);
  });
});
