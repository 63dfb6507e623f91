import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CallId, CustomerId } from '../ids.js';
import { defaultPolicy } from '../policy/policy.js';
import type { AccountEventKind } from './account-event-kind.js';
import { thresholdsOf } from '../speaker/thresholds.js';
import type { VerificationReason, VerificationResult, VerificationState } from '../speaker/verification.js';
import { assessRisk, type CallRiskInput } from './assess-risk.js';
import { severities } from './risk-reason.js';
import type { UnverifiedState } from './signals/sensitive-action.js';

const thresholds = thresholdsOf(defaultPolicy, 'timbre-sv-8k-v1');

function aVerification(
  state: VerificationState,
  { llr = null, reason = 'not-enough-speech' }: { llr?: number | null; reason?: VerificationReason } = {},
): VerificationResult {
  return {
    resultId: 1,
    state,
    reason,
    llr,
    posterior: null,
    thresholds,
    netSpeechMs: 6200,
    minNetSpeechMs: 5000,
    span: { startMs: 3000, endMs: 72_400 },
    quality: [],
    consentId: null,
  };
}

function aCall(
  verification: VerificationResult,
  {
    did = [],
    failedKnowledgeChecks = 0,
    signals = {},
  }: { did?: AccountEventKind[] } & Partial<CallRiskInput> = {},
): CallRiskInput {
  return {
    callId: 'c' as CallId,
    customerId: 'p' as CustomerId,
    verification,
    accountEvents: did.map((kind, index) => ({
      accountEventId: `event-${index}`,
      kind,
      at: `2026-11-24T10:0${index}:00.000Z`,
    })),
    failedKnowledgeChecks,
    signals,
  };
}

const rejected = (llr: number) =>
  aVerification('rejected', { llr, reason: 'evidence-below-reject-threshold' });
const assess = (input: CallRiskInput) => assessRisk(input, defaultPolicy);
const codes = (input: CallRiskInput) => assess(input).reasons.map(({ code }) => code);

describe('when a flag is raised', () => {
  it('is raised for a rejected voice, whatever is done on the account', () => {
    expect(assess(aCall(rejected(-5))).raisesFlag).toBe(true);
  });

  it.each<UnverifiedState>([
    'inconclusive',
    'collecting',
    'not-claimed',
    'no-consent',
    'opted-out',
    'not-enrolled',
    'enrolment-incomplete',
    'expired',
  ])('is not raised for a payout alone, which says little, while %s', (state) => {
    const assessment = assess(aCall(aVerification(state), { did: ['payout'] }));
    // e^(ln(1/599) + 1) = 0.45 % at most.
    expect(assessment).toMatchObject({ raisesFlag: false, severity: 'low' });
    expect(assessment.posteriorFraud).toBeLessThan(0.0046);
    expect(assessment.reasons.find(({ code }) => code === 'sensitive-action')?.evidence).toEqual({
      actions: [
        {
          accountEventId: 'event-0',
          kind: 'payout',
          at: '2026-11-24T10:00:00.000Z',
          verificationState: state,
        },
      ],
    });
  });

  it('is raised for a payout shortly after the voiceprint was replaced', () => {
    expect(assess(aCall(aVerification('cooling-off'), { did: ['payout'] })).raisesFlag).toBe(true);
  });

  it('is raised for a payout as soon as the voice speaks against the caller, before there is speech enough', () => {
    const at = (llr: number) => assess(aCall(aVerification('collecting', { llr }), { did: ['payout'] }));
    // Odds of fraud e^(1 − llr) / 599: 1 % lies at llr −0.78, 12.7 % at −3.46.
    expect([at(-0.7), at(-0.9), at(-3.6)].map(({ raisesFlag, severity }) => [raisesFlag, severity])).toEqual([
      [false, 'low'],
      [true, 'low'],
      [true, 'medium'],
    ]);
  });

  it('is not raised for a payout by who sounds like the customer, though there is not speech enough to accept', () => {
    const liked = assess(aCall(aVerification('collecting', { llr: 4 }), { did: ['payout'] }));
    expect(liked.raisesFlag).toBe(false);
    // e^(1 − 4) / 599
    expect(liked.posteriorFraud).toBeCloseTo(Math.exp(-3) / (599 + Math.exp(-3)), 12);
  });

  it('is not raised for a payout by an accepted voice', () => {
    const assessment = assess(aCall(aVerification('accepted', { llr: 6 }), { did: ['payout'] }));
    expect(assessment).toMatchObject({ raisesFlag: false, reasons: [] });
  });

  it('is not raised for what the policy does not call sensitive', () => {
    expect(assess(aCall(aVerification('collecting'), { did: ['plain-access'] })).raisesFlag).toBe(false);
  });

  it('is not raised for failed knowledge checks alone', () => {
    const assessment = assess(aCall(aVerification('not-enrolled'), { failedKnowledgeChecks: 3 }));
    expect(assessment.raisesFlag).toBe(false);
  });
});

describe('what counts as a reason', () => {
  it('mirrors the llr of the voice into the weight of the mismatch', () => {
    const [reason] = assess(aCall(rejected(-5.2))).reasons;
    expect(reason).toMatchObject({
      code: 'voice-mismatch',
      weightNats: 5.2,
      evidence: {
        llr: -5.2,
        rejectLlr: thresholds.rejectLlr,
        verificationState: 'rejected',
        netSpeechMs: 6200,
      },
    });
  });

  it('says the voice evidence so that a person can check it', () => {
    // e^5.2 = 181.3, told as 180; the bound is −ln(79000/599) = −4.882
    expect(assess(aCall(rejected(-5.2))).reasons[0]?.text).toBe(
      "The voice is 180 times likelier to be somebody else's than the customer's (llr -5.2, rejection bound -4.9), " +
        'on 6.2 s of net speech, from 0:03 to 1:12 of the call.',
    );
  });

  it('counts a doubtful voice too, and says that it was not enough', () => {
    const doubtful = aVerification('inconclusive', { llr: -1.5, reason: 'evidence-between-thresholds' });
    const reason = assess(aCall(doubtful)).reasons[0];
    expect(reason?.weightNats).toBe(1.5);
    expect(reason?.text).toContain('Not enough to reject.');
  });

  it.each([
    ['of poor quality', aVerification('inconclusive', { llr: -5, reason: 'quality-too-poor' })],
    ['for the customer', aVerification('inconclusive', { llr: 2, reason: 'evidence-between-thresholds' })],
  ])('holds no voice evidence %s against the caller', (_, verification) => {
    expect(codes(aCall(verification))).toEqual([]);
  });

  it('does not suspect a customer who has no voice check: low, and other checks needed', () => {
    const assessment = assess(aCall(aVerification('no-consent'), { did: ['address-change'] }));
    expect(assessment.severity).toBe('low');
    expect(assessment.reasons[0]?.text).toBe(
      'Address change at 2026-11-24T10:00:00.000Z, not verified by voice (no consent for it): other checks needed.',
    );
  });

  it('rates a payout graver the further the voice check speaks against the caller', () => {
    const severityAt = (verification: VerificationResult) => {
      const { severity } = assess(aCall(verification, { did: ['payout'] }));
      return severities.indexOf(severity);
    };
    const [noVoice, collecting, refused] = [
      aVerification('opted-out'),
      aVerification('collecting'),
      rejected(-5),
    ].map(severityAt);
    expect(noVoice).toBeLessThanOrEqual(collecting!);
    expect(collecting).toBeLessThan(refused!);
  });

  it('counts failed knowledge checks up to the most that the policy allows', () => {
    const weightOf = (count: number) =>
      assess(aCall(aVerification('collecting'), { failedKnowledgeChecks: count })).reasons[0]?.weightNats;
    expect([weightOf(0), weightOf(1), weightOf(2), weightOf(9)]).toEqual([undefined, 0.5, 1, 1.5]);
  });

  it('counts velocities from the bounds of the policy on', () => {
    const velocities = (customers: number, calls: number) =>
      codes(
        aCall(aVerification('collecting'), {
          signals: {
            numberVelocity: { customers, windowHours: 24 },
            accountVelocity: { calls, windowHours: 24 },
          },
        }),
      );
    expect(velocities(2, 4)).toEqual([]);
    expect(velocities(3, 5)).toEqual(['number-velocity', 'account-velocity']);
  });

  it.each([
    ['A', []],
    ['B', []],
    ['C', []],
    ['missing', ['attestation-missing']],
    ['failed', ['attestation-failed']],
  ] as const)('takes attestation %s for %j', (attestation, expected) => {
    expect(codes(aCall(aVerification('collecting'), { signals: { attestation } }))).toEqual(expected);
  });

  it('lists the strongest reason first', () => {
    const call = aCall(rejected(-5), { did: ['payout'], failedKnowledgeChecks: 1 });
    expect(codes(call)).toEqual(['voice-mismatch', 'sensitive-action', 'failed-knowledge-checks']);
  });
});

describe('laws of the assessment', () => {
  const llr = fc.double({ min: -30, max: -4.89, noNaN: true });
  const count = fc.integer({ min: 0, max: 20 });
  const posterior = (input: CallRiskInput) => assess(input).posteriorFraud;

  it('never finds fraud less likely for a voice further off', () => {
    fc.assert(
      fc.property(llr, llr, (a, b) => {
        const [further, nearer] = a < b ? [a, b] : [b, a];
        expect(posterior(aCall(rejected(further)))).toBeGreaterThanOrEqual(
          posterior(aCall(rejected(nearer))),
        );
      }),
    );
  });

  it('never finds fraud less likely for more failed checks, an action more or a busier number', () => {
    fc.assert(
      fc.property(llr, count, count, count, (voice, checks, customers, more) => {
        const call = aCall(rejected(voice), {
          failedKnowledgeChecks: checks,
          signals: { numberVelocity: { customers, windowHours: 24 } },
        });
        const worse = aCall(rejected(voice), {
          did: ['payout'],
          failedKnowledgeChecks: checks + more,
          signals: { numberVelocity: { customers: customers + more, windowHours: 24 } },
        });
        expect(posterior(worse)).toBeGreaterThanOrEqual(posterior(call));
      }),
    );
  });

  it('does not depend on the order in which the actions are named', () => {
    const kinds = fc.shuffledSubarray([...defaultPolicy.risk.sensitiveActions]);
    fc.assert(
      fc.property(kinds, (did) => {
        const call = aCall(aVerification('collecting'), { did });
        const reversed = { ...call, accountEvents: [...call.accountEvents].reverse() };
        expect(assess(reversed)).toEqual(assess(call));
      }),
    );
  });
});
