import { describe, expect, it } from '@jest/globals';
import type { Severity } from '../risk/risk-reason.js';
import { deskFigures, type DeskCall } from './desk.js';

function calls(target: boolean, flagged: readonly (Severity | null)[]): DeskCall[] {
  return flagged.map((severity, i) => ({
    target,
    enrolSpeaker: `e${i}`,
    probeSpeaker: target ? `e${i}` : `p${i}`,
    flag: severity && { severity, reasons: ['voice-mismatch'] },
  }));
}

// Of ten customers one has a low flag; of four frauds three have one, two of them a high one.
const customers = calls(true, ['low', ...Array<null>(9).fill(null)]);
const frauds = calls(false, ['high', 'high', 'low', null]);
const random = (): number => 0.5;

describe('what a desk sees', () => {
  it('mixes customers and frauds at the base rate: closed form', () => {
    const rows = [
      { kind: 'severity', from: 'low' },
      { kind: 'severity', from: 'high' },
    ] as const;
    const [low, high] = deskFigures([...customers, ...frauds], rows, 1 / 100, 0, random);
    // π = 1/100, r = 3/4, g = 1/10: flags 1000 (0.0075 + 0.099), precision 0.0075 / 0.1065
    expect(low?.flagsPer1000.value).toBeCloseTo(106.5, 10);
    expect(low?.precision.value).toBeCloseTo(0.0075 / 0.1065, 12);
    expect(low?.recall.value).toBe(0.75);
    // g = 0: every flag is right.
    expect(high?.flagsPer1000.value).toBeCloseTo(5, 10);
    expect([high?.precision.value, high?.recall.value]).toEqual([1, 0.5]);
  });

  it('counts a reason wherever it stands on a flag', () => {
    const rows = [
      { kind: 'reason', code: 'voice-mismatch' },
      { kind: 'reason', code: 'sensitive-action' },
    ] as const;
    const [mismatch, action] = deskFigures([...customers, ...frauds], rows, 1 / 600, 0, random);
    expect(mismatch?.recall.value).toBe(0.75);
    expect(action).toMatchObject({ flagsPer1000: { value: 0 }, recall: { value: 0 } });
  });
});
