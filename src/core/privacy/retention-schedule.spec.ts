import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import { defaultPolicy } from '../policy/policy.js';
import { consentEndMs, type ConsentEntry, type Purpose } from './consent.js';
import { dueOf, isLate, setBackMs, type RowFacts } from './retention-schedule.js';

const day = (n: number): number => n * 86_400_000;
const a = 'a' as ConsentId;
const granted = (purposes: Purpose[], validUntilMs: number | null = null): ConsentEntry => ({
  kind: 'granted',
  consentId: a,
  purposes,
  method: 'web-form',
  givenAtMs: 0,
  validUntilMs,
});
const withdrawn = (purposes: Purpose[], atMs: number): ConsentEntry => ({
  kind: 'withdrawn',
  consentId: a,
  purposes,
  atMs,
});
const policy = {
  ...defaultPolicy.retention,
  callDays: 10,
  flagDays: 30,
  recordDays: 20,
  proofDays: 100,
  customerDays: 50,
};
const ruling = { packId: 'bipa', rule: 'retention', article: '740 ILCS 14/15(a)' } as const;

describe('the date of a row', () => {
  it.each<{ row: RowFacts; atDay: number | null; reason?: string; article?: string }>([
    {
      row: { kind: 'own-date', expiresMs: day(7), reason: 'law-limit', decidedBy: ruling },
      atDay: 7,
      reason: 'law-limit',
      article: '740 ILCS 14/15(a)',
    },
    {
      row: { kind: 'own-date', expiresMs: day(7), reason: null, decidedBy: null },
      atDay: 7,
      reason: 'own-date',
      article: 'Timbre rule 5: no longer than its purpose',
    },
    {
      row: { kind: 'own-date', expiresMs: day(7), reason: null, decidedBy: null },
      atDay: 7,
      reason: 'own-date',
    },
    {
      row: { kind: 'flag', changedMs: day(5) },
      atDay: 35,
      reason: 'days-after-last-change',
      article: 'retention.flagDays',
    },
    {
      row: { kind: 'call', endedMs: day(5), flagChangedMs: null },
      atDay: 15,
      reason: 'days-after-the-call',
      article: 'retention.callDays',
    },
    {
      row: { kind: 'call', endedMs: day(5), flagChangedMs: day(6) },
      atDay: 36,
      reason: 'days-after-last-change',
      article: 'retention.flagDays',
    },
    {
      row: { kind: 'record', endedMs: day(5) },
      atDay: 25,
      reason: 'days-after-its-end',
      article: 'retention.recordDays',
    },
    { row: { kind: 'record', endedMs: day(5) }, atDay: 25, reason: 'days-after-its-end' },
    {
      row: { kind: 'consent-proof', consentId: a, ledger: [granted(['enrolment'], day(5))] },
      atDay: 105,
      reason: 'days-after-consent-ended',
      article: 'retention.proofDays',
    },
    { row: { kind: 'consent-proof', consentId: a, ledger: [granted(['enrolment'])] }, atDay: null },
    {
      row: { kind: 'customer', lastInteractionMs: day(5) },
      atDay: 55,
      reason: 'days-after-last-interaction',
      article: 'retention.customerDays',
    },
  ])('$row.kind: day $atDay, $reason, $article', ({ row, atDay, reason, article }) => {
    const due = dueOf(row, policy);
    expect(due?.atMs ?? null).toBe(atDay === null ? null : day(atDay));
    if (reason !== undefined) expect(due?.reason).toBe(reason);
    if (article !== undefined) expect(due?.decidedBy.article).toBe(article);
  });
});

describe('the end of a consent', () => {
  it.each<[string, ConsentEntry[], number | null]>([
    ['stands', [granted(['enrolment'])], null],
    ['runs out', [granted(['enrolment'], 70)], 70],
    ['was withdrawn', [granted(['enrolment']), withdrawn(['enrolment'], 50)], 50],
    ['was withdrawn before it would run out', [granted(['enrolment'], 70), withdrawn(['enrolment'], 50)], 50],
    ['was withdrawn in part', [granted(['enrolment', 'verification']), withdrawn(['enrolment'], 50)], null],
    [
      'ended purpose by purpose',
      [granted(['enrolment', 'verification'], 70), withdrawn(['enrolment'], 50)],
      70,
    ],
    ['was never given', [], null],
  ])('of one that %s', (_, ledger, end) => {
    expect(consentEndMs(a, ledger)).toBe(end);
  });
});

describe('the clock of the sweeper', () => {
  it('was set back when an earlier sweep lies ahead', () => {
    expect(setBackMs(null, 10)).toBe(0);
    expect(setBackMs(10, 10)).toBe(0);
    expect(setBackMs(25, 10)).toBe(15);
  });

  it('is late from two intervals on', () => {
    expect(isLate(0, 20, 10)).toBe(false);
    expect(isLate(0, 21, 10)).toBe(true);
  });
});
