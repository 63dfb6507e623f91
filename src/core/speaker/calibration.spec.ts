import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countedSpeechMs, leastScale, posteriorSameSpeaker, toLlr, type Calibration } from './calibration.js';

const speech = { at: 10_000, from: 3000, to: 20_000 };
const calibration: Calibration = {
  modelSha256: 'a'.repeat(64),
  scale: 20,
  offset: -8,
  probeNetSpeech: { ...speech, scale: 4, offset: -2 },
  snr: { at: 20, from: 10, to: 40, scale: 1, offset: 0.5 },
};
const variety = { full: 0.2, repeated: 0.02, slope: 0.5, intercept: 1 };
const side = { probeNetSpeechMs: 10_000, referenceNetSpeechMs: 25_000, snrDb: 20 };

describe('calibration', () => {
  it('is scale × score + offset where the side information is the middle one', () => {
    expect(toLlr(0.6, side, calibration)).toBeCloseTo(20 * 0.6 - 8, 12);
  });

  it('moves both by the logarithm of net speech and by tens of decibels', () => {
    const [speechX, snrX] = [Math.log(5000 / 10_000), 1.5];
    expect(toLlr(0.6, { ...side, probeNetSpeechMs: 5000, snrDb: 35 }, calibration)).toBeCloseTo(
      (20 + 4 * speechX + snrX) * 0.6 - 8 - 2 * speechX + 0.5 * snrX,
      12,
    );
  });

  it('learns nothing from beyond the fitted range, and takes an unknown ratio for the middle one', () => {
    const at = (change: Partial<typeof side> | { snrDb: null }) =>
      toLlr(0.6, { ...side, ...change }, calibration);
    expect(at({ probeNetSpeechMs: 600_000 })).toBe(at({ probeNetSpeechMs: 20_000 }));
    expect(at({ probeNetSpeechMs: 0 })).toBe(at({ probeNetSpeechMs: 3000 }));
    expect(at({ snrDb: -90 })).toBe(at({ snrDb: 10 }));
    expect(at({ snrDb: null })).toBe(at({}));
  });

  it('counts speech past the shortest fitted by how much its stretches differ', () => {
    const known = { ...calibration, variety };
    const counted = (likeness: number | null) => countedSpeechMs(13_000, likeness, known);
    expect(counted(1)).toBe(3000);
    expect(counted(0.9)).toBeCloseTo(3000 + 10_000 / 2, 8);
    expect(counted(0.8)).toBeCloseTo(13_000, 8);
    expect(counted(0.3)).toBe(13_000);
    expect(counted(null)).toBe(13_000);
    expect(countedSpeechMs(13_000, 1, calibration)).toBe(13_000);
    expect(countedSpeechMs(2000, 1, known)).toBe(2000);
  });

  it('moves the llr of speech that repeats itself, by the logarithm of how much it differs', () => {
    const known = { ...calibration, variety };
    const at = (likeness: number | null) => toLlr(0.6, { ...side, likeness }, known);
    expect(at(0.8)).toBeCloseTo(4, 8);
    expect(at(0.3)).toBeCloseTo(at(0.8), 8);
    expect(at(null)).toBe(4);
    expect(at(0.98)).toBeCloseTo(0.5 * 4 + 1, 8);
    expect(at(1)).toBeCloseTo(at(0.98), 8);
    // Halfway: 0.2 · √0.1.
    expect(at(1 - 0.2 * Math.sqrt(0.1))).toBeCloseTo(0.75 * 4 + 0.5, 8);
  });

  it('grows with the score whatever else is known, as long as its least scale is above 0', () => {
    const term = (from: number, at: number, to: number) =>
      fc.record({
        at: fc.constant(at),
        from: fc.constant(from),
        to: fc.constant(to),
        scale: fc.double({ min: -30, max: 30, noNaN: true }),
        offset: fc.double({ min: -30, max: 30, noNaN: true }),
      });
    const any = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({
          modelSha256: fc.constant(''),
          scale: fc.double({ min: 0.1, max: 40, noNaN: true }),
          offset: fc.double({ min: -20, max: 20, noNaN: true }),
          probeNetSpeech: term(3000, 8000, 20_000),
          referenceNetSpeech: term(10_000, 18_000, 40_000),
          snr: term(5, 20, 40),
        }),
        fc.record({ probeNetSpeechMs: any, referenceNetSpeechMs: any, snrDb: fc.option(any) }),
        fc.double({ min: -1, max: 0.99, noNaN: true }),
        (drawn, known, score) => {
          fc.pre(leastScale(drawn) > 1e-6);
          expect(toLlr(score + 0.01, known, drawn)).toBeGreaterThan(toLlr(score, known, drawn));
        },
      ),
    );
  });

  it('finds the least scale at an end of the fitted range', () => {
    const least = 20 + 4 * Math.log(3000 / 10_000) - 1;
    expect(leastScale(calibration)).toBeCloseTo(least, 12);
  });

  it('gives a posterior of one half where the llr balances the prior', () => {
    expect(posteriorSameSpeaker(-Math.log(599), 1 / 600)).toBeCloseTo(0.5, 12);
  });
});
