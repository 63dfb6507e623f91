import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import type { ConsentEntry, Purpose } from './consent.js';
import { voiceprintExpiry } from './retention.js';

const day = (n: number): number => n * 24 * 60 * 60 * 1000;
const id = 'a' as ConsentId;
const granted = (of: Purpose[], validUntilMs: number | null = null): ConsentEntry => ({
  kind: 'granted',
  consentId: id,
  purposes: of,
  givenAtMs: 0,
  validUntilMs,
});

function expiry(ledger: ConsentEntry[], nowDay = 10) {
  return voiceprintExpiry({
    customer: { lastInteractionMs: day(5) },
    policy: { voiceprintDaysAfterLastInteraction: 30 },
    ledger,
    nowMs: day(nowDay),
  });
}

describe('the expiry of a voiceprint', () => {
  it.each<{ when: string; ledger: ConsentEntry[]; atDay: number; reason: string }>([
    {
      when: 'consent has no end',
      ledger: [granted(['enrolment', 'verification'])],
      atDay: 35,
      reason: 'days-after-last-interaction',
    },
    {
      when: 'consent ends after the policy days',
      ledger: [granted(['enrolment'], day(36))],
      atDay: 35,
      reason: 'days-after-last-interaction',
    },
    {
      when: 'consent ends before them',
      ledger: [granted(['enrolment'], day(34))],
      atDay: 34,
      reason: 'consent-ends',
    },
    {
      when: 'consent to use it ends before consent to keep it',
      ledger: [granted(['enrolment'], day(34)), granted(['verification'], day(20))],
      atDay: 20,
      reason: 'consent-ends',
    },
    {
      when: 'only consent to verification was given',
      ledger: [granted(['verification'])],
      atDay: 10,
      reason: 'consent-ends',
    },
    {
      when: 'consent has run out',
      ledger: [granted(['enrolment'], day(7))],
      atDay: 7,
      reason: 'consent-ends',
    },
    {
      when: 'consent was withdrawn',
      ledger: [
        granted(['enrolment']),
        { kind: 'withdrawn', consentId: id, purposes: ['enrolment'], atMs: day(8) },
      ],
      atDay: 8,
      reason: 'consent-ends',
    },
    { when: 'nobody was ever asked', ledger: [], atDay: 10, reason: 'consent-ends' },
  ])('is day $atDay ($reason) when $when', ({ ledger, atDay, reason }) => {
    expect(expiry(ledger)).toEqual({ atMs: day(atDay), reason });
  });
});
