import { describe, expect, it } from '@jest/globals';
import { PieceCutter, type Piece, type PiecePlan } from './piece-cutter.js';

const plan: PiecePlan = {
  newFrames: 100,
  firstFrames: 100,
  seenBefore: 26,
  shortestPiece: 30,
  shortestFirst: 100,
  bands: 2,
};

/** Frames that carry their own number. */
function keep(cutter: PieceCutter, from: number, count: number): Piece[] {
  return Array.from({ length: count }, (_, i) => from + i).flatMap(
    (frame) => cutter.keep(Float32Array.of(frame, -frame), frame * 10) ?? [],
  );
}

const numbersOf = ({ mel }: Piece): number[] => Array.from(mel).filter((_, i) => i % 2 === 0);
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('speech for a network that hears each frame once', () => {
  it('is cut into pieces that end at whole hundreds, each behind what was seen last of the one before', () => {
    const pieces = keep(new PieceCutter(plan), 0, 350);
    expect(pieces.map(numbersOf)).toEqual([from(0, 99), from(74, 199), from(174, 299)]);
    expect(pieces.map(({ isFirst }) => isFirst)).toEqual([true, false, false]);
    expect(pieces.map(({ newFrames }) => newFrames)).toEqual([100, 100, 100]);
    expect(pieces.map(({ firstFrameMs, lastFrameMs }) => [firstFrameMs, lastFrameMs])).toEqual([
      [0, 990],
      [1000, 1990],
      [2000, 2990],
    ]);
  });

  it('ends with a shorter piece, and goes on behind it', () => {
    const cutter = new PieceCutter(plan);
    keep(cutter, 0, 104);
    const rest = cutter.cutRest();
    expect(rest && numbersOf(rest)).toEqual(from(74, 103));
    expect(rest).toMatchObject({ newFrames: 4, firstFrameMs: 1000 });
    expect(keep(cutter, 104, 100).map(numbersOf)).toEqual([from(78, 203)]);
  });

  it('has no piece of less than the network takes', () => {
    const cutter = new PieceCutter(plan);
    keep(cutter, 0, 99);
    expect(cutter.cutRest()).toBeUndefined();
    keep(cutter, 99, 1);
    keep(cutter, 100, 3);
    expect(cutter.cutRest()).toBeUndefined();
  });

  it('begins anew after its rest, with nothing seen before', () => {
    const cutter = new PieceCutter(plan);
    keep(cutter, 0, 150);
    const rest = cutter.startAnew();
    expect(rest && numbersOf(rest)).toEqual(from(74, 149));
    const [first] = keep(cutter, 500, 100);
    expect(first && numbersOf(first)).toEqual(from(500, 599));
    expect(first?.isFirst).toBe(true);
  });

  it('does not throw away what is too little for a first piece', () => {
    const cutter = new PieceCutter(plan);
    keep(cutter, 0, 40);
    expect(cutter.startAnew()).toBeUndefined();
    expect(keep(cutter, 40, 60).map(numbersOf)).toEqual([from(0, 99)]);
  });
});
