import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultPolicy, type Policy } from '../policy/policy.js';
import type { ReasonGroup } from './signal.js';
import { weighReasons } from './weigh-reasons.js';

function aPolicy({ priorFraud = 0.5, discount = 0.5, cost = 100 } = {}): Policy {
  const { verification, risk } = defaultPolicy;
  return {
    ...defaultPolicy,
    verification: {
      ...verification,
      priorFraud,
      operatingPoints: {
        ...verification.operatingPoints,
        standard: { costFalseAccept: cost, costFalseReject: 1 },
      },
    },
    risk: {
      ...risk,
      dependentDiscount: discount,
      severityFromExpectedCost: { low: 0, medium: 60, high: 80, critical: 90 },
    },
  };
}

const reason = (group: ReasonGroup, weightNats: number) => ({ group, weightNats });
const nats = fc.double({ min: 0, max: 15, noNaN: true });
const aReason = fc.record({
  group: fc.constantFrom<ReasonGroup>('voice', 'account-activity', 'knowledge', 'number'),
  weightNats: nats,
});

describe('weighing reasons', () => {
  it('is the prior when there is no reason', () => {
    expect(weighReasons([], aPolicy({ priorFraud: 1 / 600 })).posteriorFraud).toBeCloseTo(1 / 600, 12);
  });

  it('is Bayes: even odds and evidence of 3 : 1 make 3 in 4', () => {
    expect(weighReasons([reason('voice', Math.log(3))], aPolicy()).posteriorFraud).toBeCloseTo(0.75, 12);
  });

  it('multiplies the odds of independent groups: 3 : 1 and 2 : 1 make 6 : 1', () => {
    const reasons = [reason('voice', Math.log(3)), reason('number', Math.log(2))];
    expect(weighReasons(reasons, aPolicy()).posteriorFraud).toBeCloseTo(6 / 7, 12);
  });

  it('counts the strongest of a group in full and the rest at the discount: 3 : 1 and the root of 4 : 1 make 6 : 1', () => {
    const reasons = [reason('number', Math.log(3)), reason('number', Math.log(4))];
    // ln 4 in full, half of ln 3: odds 4·√3
    const odds = 4 * Math.sqrt(3);
    expect(weighReasons(reasons, aPolicy()).posteriorFraud).toBeCloseTo(odds / (1 + odds), 12);
  });

  it('takes severity from the expected cost', () => {
    const severityAt = (odds: number) => weighReasons([reason('voice', Math.log(odds))], aPolicy()).severity;
    // Cost 100 × probability, bounds at 60, 80, 90.
    expect([severityAt(1), severityAt(2), severityAt(5), severityAt(10)]).toEqual([
      'low',
      'medium',
      'high',
      'critical',
    ]);
  });

  it('never finds fraud less likely for one more reason', () => {
    fc.assert(
      fc.property(
        fc.array(aReason),
        aReason,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (reasons, more, discount) => {
          const policy = aPolicy({ discount });
          const before = weighReasons(reasons, policy).evidenceNats;
          expect(weighReasons([...reasons, more], policy).evidenceNats).toBeGreaterThanOrEqual(before - 1e-9);
        },
      ),
    );
  });

  it('never finds fraud less likely for a stronger reason', () => {
    fc.assert(
      fc.property(fc.array(aReason), aReason, nats, (others, one, extra) => {
        const policy = aPolicy();
        const before = weighReasons([...others, one], policy).evidenceNats;
        const stronger = { ...one, weightNats: one.weightNats + extra };
        expect(weighReasons([...others, stronger], policy).evidenceNats).toBeGreaterThanOrEqual(
          before - 1e-9,
        );
      }),
    );
  });

  it('lies between the strongest of each group alone and the plain sum', () => {
    fc.assert(
      fc.property(fc.array(aReason), (reasons) => {
        const { evidenceNats } = weighReasons(reasons, aPolicy());
        const least = weighReasons(reasons, aPolicy({ discount: 0 })).evidenceNats;
        const most = reasons.reduce((sum, { weightNats }) => sum + weightNats, 0);
        expect(evidenceNats).toBeGreaterThanOrEqual(least - 1e-9);
        expect(evidenceNats).toBeLessThanOrEqual(most + 1e-9);
      }),
    );
  });

  it('does not depend on the order of the reasons, not even in the last bit', () => {
    const shuffled = fc
      .array(aReason)
      .chain((reasons) =>
        fc.tuple(fc.constant(reasons), fc.shuffledSubarray(reasons, { minLength: reasons.length })),
      );
    fc.assert(
      fc.property(shuffled, ([reasons, inOtherOrder]) => {
        expect(weighReasons(inOtherOrder, aPolicy())).toEqual(weighReasons(reasons, aPolicy()));
      }),
    );
  });
});
