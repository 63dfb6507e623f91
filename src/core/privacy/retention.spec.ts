import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import type { ConsentEntry, Purpose } from './consent.js';
import type { PackId } from './packs/pack.js';
import { packs } from './packs/registry.js';
import { voiceprintExpiry } from './retention.js';

const day = (n: number): number => n * 24 * 60 * 60 * 1000;
const id = 'a' as ConsentId;
const granted = (of: Purpose[], validUntilMs: number | null = null): ConsentEntry => ({
  kind: 'granted',
  consentId: id,
  purposes: of,
  method: 'web-form',
  givenAtMs: 0,
  validUntilMs,
});

function expiry(ledger: ConsentEntry[], nowDay = 10, of: PackId[] = [], days = 30) {
  return voiceprintExpiry({
    subject: { packs: of.map((id) => packs[id]), lastInteractionMs: day(5) },
    policy: { voiceprintDaysAfterLastInteraction: days },
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
    expect(expiry(ledger)).toMatchObject({ atMs: day(atDay), reason });
  });
});

describe('the rule that ends a voiceprint', () => {
  const kept = [granted(['enrolment', 'verification'])];
  // Last dealt with on 6 January 1970.
  it.each<[PackId[], ConsentEntry[], number, string, string, string]>([
    [
      ['gdpr'],
      kept,
      730,
      '1972-01-06T00:00:00.000Z',
      'days-after-last-interaction',
      'retention.voiceprintDaysAfterLastInteraction',
    ],
    [
      ['gdpr'],
      [granted(['enrolment'], day(34))],
      730,
      '1970-02-04T00:00:00.000Z',
      'consent-ends',
      'Art. 5(1)(e)',
    ],
    [
      ['ccpa'],
      [granted(['enrolment'], day(34))],
      730,
      '1970-02-04T00:00:00.000Z',
      'consent-ends',
      'Civ. Code 1798.100(a)(3), (c)',
    ],
    [
      ['vcdpa'],
      [granted(['enrolment'], day(34))],
      730,
      '1970-02-04T00:00:00.000Z',
      'consent-ends',
      'Code 59.1-578(A)(1), (2)',
    ],
    [['cpa'], kept, 3650, '1972-01-06T00:00:00.000Z', 'law-limit', 'C.R.S. 6-1-1314(2)(a)(III)(B)'],
    [['bipa'], kept, 3650, '1973-01-06T00:00:00.000Z', 'law-limit', '740 ILCS 14/15(a)'],
    [
      ['bipa'],
      [granted(['enrolment'], day(34))],
      3650,
      '1970-02-04T00:00:00.000Z',
      'consent-ends',
      '740 ILCS 14/15(a)',
    ],
    // Texas leaves a year after the purpose: Timbre does not.
    [
      ['cubi'],
      [granted(['enrolment'], day(34))],
      730,
      '1970-02-04T00:00:00.000Z',
      'consent-ends',
      'Timbre rule 5: no longer than its purpose',
    ],
    [
      [],
      kept,
      3650,
      '1980-01-04T00:00:00.000Z',
      'days-after-last-interaction',
      'retention.voiceprintDaysAfterLastInteraction',
    ],
    [['bipa', 'cpa'], kept, 3650, '1972-01-06T00:00:00.000Z', 'law-limit', 'C.R.S. 6-1-1314(2)(a)(III)(B)'],
  ])('of %j is named (case %#)', (of, ledger, days, at, reason, article) => {
    const { atMs, ...why } = expiry(ledger, 10, of, days);
    expect(new Date(atMs).toISOString()).toBe(at);
    expect(why).toMatchObject({ reason, decidedBy: { article } });
  });
});
