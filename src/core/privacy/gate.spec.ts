import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import type { ConsentEntry, ConsentMethod, Purpose } from './consent.js';
import { gateFor } from './gate.js';
import type { PackId } from './packs/pack.js';
import { packs } from './packs/registry.js';

const a = 'a' as ConsentId;
const b = 'b' as ConsentId;
const granted = (consentId: ConsentId, of: Purpose[], validUntilMs: number | null = null): ConsentEntry => ({
  kind: 'granted',
  consentId,
  purposes: of,
  method: 'web-form',
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
  it.each<{ when: string; purpose: Purpose; ledger: ConsentEntry[]; is: object }>([
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
    expect(gateFor(purpose, ledger, { packs: [], lastInteractionMs: 0 }, 100)).toMatchObject(is);
  });
});

describe('the gate under a law', () => {
  const monthMs = 2_629_800_000;
  const gaveBy = (method: ConsentMethod): ConsentEntry[] => [
    { ...(granted(a, ['verification']) as Extract<ConsentEntry, { kind: 'granted' }>), method },
  ];
  const ask = (of: PackId[], ledger: ConsentEntry[], nowMs = 100, lastInteractionMs = 0) =>
    gateFor('verification', ledger, { packs: of.map((id) => packs[id]), lastInteractionMs }, nowMs);

  it.each<[PackId[], ConsentMethod, object, string]>([
    [['gdpr'], 'read-by-agent', { kind: 'open' }, 'Art. 9(2)(a)'],
    [['gdpr'], 'ivr-digit', { kind: 'open' }, 'Art. 9(2)(a)'],
    [['ccpa'], 'ivr-digit', { kind: 'open' }, 'Timbre rule 1: no biometric before the gate'],
    [['vcdpa'], 'read-by-agent', { kind: 'open' }, 'Code 59.1-578(A)(5)'],
    [['cpa'], 'read-by-agent', { kind: 'open' }, 'C.R.S. 6-1-1308(7), 6-1-1314'],
    [['cubi'], 'ivr-digit', { kind: 'open' }, 'Bus. & Com. Code 503.001(b)'],
    [['bipa'], 'web-form', { kind: 'open' }, '740 ILCS 14/15(b), 14/10'],
    [['bipa'], 'signed-import', { kind: 'open' }, '740 ILCS 14/15(b), 14/10'],
    [
      ['bipa'],
      'read-by-agent',
      { kind: 'closed', reason: 'consent-method-not-enough' },
      '740 ILCS 14/15(b), 14/10',
    ],
    [
      ['bipa'],
      'ivr-digit',
      { kind: 'closed', reason: 'consent-method-not-enough' },
      '740 ILCS 14/15(b), 14/10',
    ],
    [
      ['gdpr', 'bipa'],
      'ivr-digit',
      { kind: 'closed', reason: 'consent-method-not-enough' },
      '740 ILCS 14/15(b), 14/10',
    ],
  ])('%j, consent by %s: %j (%s)', (of, method, is, article) => {
    expect(ask(of, gaveBy(method))).toMatchObject({ ...is, decidedBy: { article } });
  });

  it('names who asks for consent where there is none, and who lets it be taken back', () => {
    expect(ask(['bipa'], [])).toMatchObject({
      reason: 'consent-missing',
      decidedBy: { packId: 'bipa', rule: 'basis' },
    });
    expect(ask(['gdpr'], [...gaveBy('web-form'), withdrawn(a, ['verification'])])).toMatchObject({
      reason: 'consent-withdrawn',
      decidedBy: { article: 'Art. 7(3)' },
    });
  });

  it('is open again once consent was given in a way that counts', () => {
    const later = granted(b, ['verification']);
    expect(ask(['bipa'], [...gaveBy('ivr-digit'), later])).toMatchObject({ kind: 'open', consentId: b });
  });

  it('stays withdrawn when the way it was given never counted', () => {
    expect(ask(['bipa'], [...gaveBy('ivr-digit'), withdrawn(a, ['verification'])])).toMatchObject({
      reason: 'consent-withdrawn',
    });
  });

  it('asks again in Colorado 24 months after the last interaction, 4 CCR 904-3 Rule 7.08', () => {
    const dueMs = Date.parse('1972-01-01T00:00:00Z');
    expect(ask(['cpa'], gaveBy('web-form'), dueMs - 1)).toMatchObject({ kind: 'open', validUntilMs: dueMs });
    expect(ask(['cpa'], gaveBy('web-form'), dueMs)).toMatchObject({
      reason: 'consent-to-be-renewed',
      decidedBy: { article: '4 CCR 904-3 Rule 7.08' },
    });
    expect(ask(['cpa'], gaveBy('web-form'), dueMs, monthMs).kind).toBe('open');
    expect(ask(['gdpr', 'bipa'], gaveBy('web-form'), dueMs).kind).toBe('open');
  });

  it('does not count consent from the future', () => {
    const [entry] = gaveBy('web-form');
    expect(
      ask(['gdpr'], [{ ...(entry as Extract<ConsentEntry, { kind: 'granted' }>), givenAtMs: 101 }]),
    ).toMatchObject({
      reason: 'consent-missing',
    });
  });
});
