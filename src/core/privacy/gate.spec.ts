import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import type { ConsentEntry, Purpose } from './consent.js';
import { gateFor } from './gate.js';

const a = 'a' as ConsentId;
const b = 'b' as ConsentId;
const granted = (consentId: ConsentId, of: Purpose[], validUntilMs: number | null = null): ConsentEntry => ({
  kind: 'granted',
  consentId,
  purposes: of,
  givenAtMs: 0,
  validUntilMs,
});
const withdrawn = (consentId: ConsentId, of: Purpose[]): ConsentEntry => ({
  kind: 'withdrawn',
  consentId,
  purposes: of,
  atMs: 50,
});

const objected = (of: Purpose[]): ConsentEntry => ({ kind: 'objected', purposes: of, atMs: 60 });

describe('the gate', () => {
  it.each<{ when: string; purpose: Purpose; ledger: ConsentEntry[]; is: ReturnType<typeof gateFor> }>([
    {
      when: 'nobody was asked',
      purpose: 'enrolment',
      ledger: [],
      is: { kind: 'closed', reason: 'consent-missing' },
    },
    {
      when: 'the purpose has consent',
      purpose: 'enrolment',
      ledger: [granted(a, ['enrolment'], 200)],
      is: { kind: 'open', consentId: a, validUntilMs: 200 },
    },
    {
      when: 'another purpose has consent',
      purpose: 'enrolment',
      ledger: [granted(a, ['verification', 'fraud-watchlist'])],
      is: { kind: 'closed', reason: 'consent-missing' },
    },
    {
      when: 'consent has run out',
      purpose: 'verification',
      ledger: [granted(a, ['verification'], 100)],
      is: { kind: 'closed', reason: 'consent-expired' },
    },
    {
      when: 'consent was withdrawn',
      purpose: 'verification',
      ledger: [granted(a, ['verification']), withdrawn(a, ['verification'])],
      is: { kind: 'closed', reason: 'consent-withdrawn' },
    },
    {
      when: 'the person opted out of verification while consent to enrolment stands',
      purpose: 'enrolment',
      ledger: [granted(a, ['verification']), granted(b, ['enrolment']), withdrawn(a, ['verification'])],
      is: { kind: 'closed', reason: 'consent-withdrawn' },
    },
    {
      when: 'the person objected to it',
      purpose: 'verification',
      ledger: [granted(a, ['verification']), objected(['verification'])],
      is: { kind: 'closed', reason: 'objected' },
    },
    {
      when: 'the person objected to verification while consent to enrolment stands',
      purpose: 'enrolment',
      ledger: [granted(b, ['enrolment']), objected(['verification'])],
      is: { kind: 'closed', reason: 'objected' },
    },
    {
      when: 'the person opted out of the watchlist only',
      purpose: 'enrolment',
      ledger: [granted(a, ['fraud-watchlist']), granted(b, ['enrolment']), withdrawn(a, ['fraud-watchlist'])],
      is: { kind: 'open', consentId: b, validUntilMs: null },
    },
  ])('is $is.kind for $purpose when $when', ({ purpose, ledger, is }) => {
    expect(gateFor(purpose, ledger, 100)).toEqual(is);
  });
});
