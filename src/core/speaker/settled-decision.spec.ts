import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultPolicy } from '../policy/policy.js';
import { SettledDecision, type Decision } from './settled-decision.js';
import { thresholdsOf } from './thresholds.js';

const thresholds = thresholdsOf(defaultPolicy, 'test-model');
const { acceptLlr, rejectLlr } = thresholds;

function after(llrs: readonly number[], settled: Decision | null = null): Decision | null {
  const decision = new SettledDecision(settled);
  for (const llr of llrs) decision.weigh(llr, thresholds);
  return decision.now;
}

describe('a settled decision', () => {
  it('takes half a nat more to leave than to come to', () => {
    const just = 0.01;
    expect(after([acceptLlr - just])).toBe('inconclusive');
    expect(after([acceptLlr + just, acceptLlr - just, acceptLlr - just])).toBe('accepted');
    expect(after([acceptLlr + just, acceptLlr - 0.51, acceptLlr - 0.51])).toBe('inconclusive');
    expect(after([rejectLlr - just, rejectLlr + just, rejectLlr + just])).toBe('rejected');
    expect(after([rejectLlr - just, rejectLlr + 0.51, rejectLlr + 0.51])).toBe('inconclusive');
  });

  it('does not move while the evidence wobbles by less than half a nat around a bound', () => {
    const wobble = fc.array(fc.double({ min: -0.24, max: 0.24, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(wobble, fc.constantFrom('accepted' as const, 'rejected' as const), (steps, settled) => {
        const around = settled === 'accepted' ? acceptLlr - 0.25 : rejectLlr + 0.25;
        expect(
          after(
            steps.map((step) => around + step),
            settled,
          ),
        ).toBe(settled);
      }),
    );
  });
});
