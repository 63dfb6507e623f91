import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '../policy/policy.js';
import { mergeReasons } from './merge-reasons.js';
import { groupOf, type ReasonOf } from './risk-reason.js';
import type { UnverifiedState } from './signals/sensitive-action.js';

const merge = (onFlag: Parameters<typeof mergeReasons>[0], fresh: Parameters<typeof mergeReasons>[1]) =>
  mergeReasons(onFlag, fresh, { ...defaultPolicy.risk, growthNats: 0.5 });

function aVoiceMismatch(llr: number): ReasonOf<'voice-mismatch'> {
  return {
    code: 'voice-mismatch',
    group: groupOf['voice-mismatch'],
    weightNats: -llr,
    text: '',
    evidence: {
      llr,
      rejectLlr: -4,
      verificationState: 'rejected',
      netSpeechMs: 5000,
      span: null,
      modelId: null,
      operatingPoint: null,
    },
  };
}

function aSensitiveAction(
  id: string,
  minute: number,
  state: UnverifiedState,
  weightNats: number,
): ReasonOf<'sensitive-action'> {
  const at = `2026-11-24T10:0${minute}:00.000Z`;
  const action = { accountEventId: id, kind: 'payout', at, verificationState: state } as const;
  return {
    code: 'sensitive-action',
    group: groupOf['sensitive-action'],
    weightNats,
    text: '',
    evidence: { actions: [action] },
  };
}

const checks = (count: number): ReasonOf<'failed-knowledge-checks'> => ({
  code: 'failed-knowledge-checks',
  group: groupOf['failed-knowledge-checks'],
  weightNats: count / 2,
  text: '',
  evidence: { count },
});

describe('growing the reasons of a flag', () => {
  it('changes nothing for the same evidence again', () => {
    const reasons = [aVoiceMismatch(-5), aSensitiveAction('a', 1, 'rejected', 1.5)];
    expect(merge(reasons, reasons)).toEqual({ reasons, added: [], strengthened: [], newEvidence: false });
  });

  it('adds a reason of another kind, strongest first', () => {
    const { reasons, added, newEvidence } = merge([checks(1)], [aVoiceMismatch(-5)]);
    expect(reasons.map(({ code }) => code)).toEqual(['voice-mismatch', 'failed-knowledge-checks']);
    expect({ added, newEvidence }).toEqual({ added: ['voice-mismatch'], newEvidence: true });
  });

  it('keeps the strongest voice evidence', () => {
    expect(merge([aVoiceMismatch(-5)], [aVoiceMismatch(-3)]).reasons).toEqual([aVoiceMismatch(-5)]);
    expect(merge([aVoiceMismatch(-5)], [aVoiceMismatch(-7)])).toEqual({
      reasons: [aVoiceMismatch(-7)],
      added: [],
      strengthened: ['voice-mismatch'],
      newEvidence: false,
    });
  });

  it('does not follow every small move of the llr', () => {
    expect(merge([aVoiceMismatch(-5)], [aVoiceMismatch(-5.4)]).strengthened).toEqual([]);
  });

  it('keeps a reason that is not seen any more', () => {
    expect(merge([checks(2)], []).reasons).toEqual([checks(2)]);
  });

  it('shows every action with how the voice check stood then, and counts the weightiest', () => {
    const first = aSensitiveAction('a', 1, 'collecting', 1);
    const second = aSensitiveAction('b', 2, 'rejected', 1.5);
    for (const { reasons, newEvidence } of [merge([first], [second]), merge([second], [first])]) {
      expect(newEvidence).toBe(true);
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatchObject({
        weightNats: 1.5,
        text:
          'Payout at 2026-11-24T10:01:00.000Z, before the voice check had enough speech to decide. ' +
          "Payout at 2026-11-24T10:02:00.000Z, after the voice was found not to be the customer's.",
        evidence: {
          actions: [
            { accountEventId: 'a', verificationState: 'collecting' },
            { accountEventId: 'b', verificationState: 'rejected' },
          ],
        },
      });
    }
  });
});
