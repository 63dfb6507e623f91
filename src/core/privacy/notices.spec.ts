import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import { consentFor, isInForce, type ConsentEntry, type Purpose } from './consent.js';
import { gateFor } from './gate.js';
import { asksAgainFromMs, withAskedAgain, type NoticeVersion } from './notices.js';
import { packs } from './packs/registry.js';
import { voiceprintExpiry } from './retention.js';

const notice = (
  version: string,
  effectiveFromMs: number,
  more: Partial<NoticeVersion> = {},
): NoticeVersion => ({
  version,
  purposes: ['verification', 'enrolment'],
  asksAgain: false,
  effectiveFromMs,
  ...more,
});
const first = notice('first', 0);
const second = notice('second', 100);
const asking = notice('asking', 200, { asksAgain: true });
const third = notice('third', 300);

describe('a notice that asks again', () => {
  it.each<{ when: string; purpose?: Purpose; version: string; notices: NoticeVersion[]; is: number | null }>([
    { when: 'no version asks again', version: 'first', notices: [first, second, third], is: null },
    { when: 'a later version does', version: 'first', notices: [first, second, asking, third], is: 200 },
    { when: 'it is the one consented to', version: 'asking', notices: [first, asking, third], is: null },
    { when: 'a version after it was consented to', version: 'third', notices: [asking, third], is: null },
    {
      when: 'it names other purposes',
      purpose: 'fraud-watchlist',
      version: 'first',
      notices: [first, asking],
      is: null,
    },
    {
      when: 'it was never said which purposes it names',
      purpose: 'fraud-watchlist',
      version: 'first',
      notices: [first, notice('all', 150, { asksAgain: true, purposes: null })],
      is: 150,
    },
    {
      when: 'two versions do: the first of them counts',
      version: 'first',
      notices: [first, notice('later', 250, { asksAgain: true }), asking],
      is: 200,
    },
    {
      when: 'between two that do',
      version: 'second',
      notices: [notice('old', 50, { asksAgain: true }), second, asking],
      is: 200,
    },
    {
      when: 'the words only came with a later consent',
      version: 'odd',
      notices: [asking, notice('odd', 400, { purposes: null })],
      is: 200,
    },
    { when: 'the words are not known at all', version: 'gone', notices: [asking], is: 200 },
    {
      when: 'both were published at the same moment',
      version: 'first',
      notices: [notice('first', 200), asking],
      is: null,
    },
  ])(
    'ends consent under $version at $is when $when',
    ({ purpose = 'verification', version, notices, is }) => {
      expect(asksAgainFromMs(purpose, version, notices)).toBe(is);
    },
  );
});

const subject = { packs: [packs.gdpr], lastInteractionMs: 0 };

describe('consent that is asked about again', () => {
  const a = 'a' as ConsentId;
  const granted: ConsentEntry = {
    kind: 'granted',
    consentId: a,
    purposes: ['verification', 'enrolment'],
    method: 'web-form',
    givenAtMs: 10,
    validUntilMs: null,
  };
  const ledger = [withAskedAgain(granted, 'first', [first, asking])];

  it('counts until the new version is in force and is missing from then on, at the gate too', () => {
    expect(consentFor('verification', ledger, 199)).toEqual({
      kind: 'granted',
      consentId: a,
      validUntilMs: 200,
    });
    expect(consentFor('verification', ledger, 200)).toEqual({ kind: 'missing' });
    expect(gateFor('enrolment', ledger, subject, 200)).toMatchObject({
      kind: 'closed',
      reason: 'consent-missing',
    });
    expect(isInForce(a, 'enrolment', ledger, 199)).toBe(true);
    expect(isInForce(a, 'enrolment', ledger, 200)).toBe(false);
  });

  it('is answered by consent under the new version', () => {
    const b = 'b' as ConsentId;
    const answer = withAskedAgain({ ...granted, consentId: b, givenAtMs: 250 }, 'asking', [first, asking]);
    expect(consentFor('verification', [...ledger, answer], 300)).toMatchObject({
      kind: 'granted',
      consentId: b,
    });
  });

  it('stays withdrawn when it was withdrawn, and expired when it ran out before', () => {
    const withdrawn: ConsentEntry = { kind: 'withdrawn', consentId: a, purposes: ['verification'], atMs: 50 };
    expect(consentFor('verification', [...ledger, withdrawn], 300).kind).toBe('withdrawn');
    const short = withAskedAgain({ ...granted, validUntilMs: 20 }, 'first', [first, asking]);
    expect(consentFor('verification', [short], 300).kind).toBe('expired');
  });

  it('leaves the voiceprint its own date: nobody said no', () => {
    const day = 86_400_000;
    const policy = { voiceprintDaysAfterLastInteraction: 1 };
    expect(voiceprintExpiry({ subject, policy, ledger, nowMs: 300 })).toMatchObject({
      atMs: day,
      reason: 'days-after-last-interaction',
    });
  });
});
