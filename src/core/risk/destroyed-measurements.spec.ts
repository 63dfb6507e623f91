import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConsentId, WatchlistEntryId, WatchlistId } from '../ids.js';
import { defaultPolicy } from '../policy/policy.js';
import type { ConsentEntry, Purpose } from '../privacy/consent.js';
import { endingsIn, withoutMeasurements, type Endings } from './destroyed-measurements.js';
import { mergeReasons } from './merge-reasons.js';
import type { ReasonEvidence, ReasonOf, WeighedReason } from './risk-reason.js';
import { voiceMismatch } from './signals/voice-mismatch.js';
import { weighReasons } from './weigh-reasons.js';

const noon = Date.parse('2026-11-26T12:00:00.000Z');
const withdrawn = { because: 'consent-withdrawn', at: '2026-11-26T12:00:00.000Z' } as const;

function mismatch(llr: number): ReasonOf<'voice-mismatch'> {
  const evidence: ReasonEvidence['voice-mismatch'] = {
    llr,
    rejectLlr: -4.125,
    verificationState: 'rejected',
    netSpeechMs: 6125,
    span: { startMs: 3125, endMs: 12_125 },
    modelId: 'm',
    operatingPoint: 'standard',
  };
  const text = voiceMismatch.text(evidence);
  return { code: 'voice-mismatch', group: 'voice', weightNats: -llr, text, evidence };
}
const match: ReasonOf<'watchlist-match'> = {
  code: 'watchlist-match',
  group: 'voice',
  weightNats: 3.625,
  text: 'The voice is like one on a watchlist (llr 3.6).',
  evidence: {
    listId: 'list-a' as WatchlistId,
    listName: 'Confirmed',
    entryId: 'entry-b' as WatchlistEntryId,
    cosine: 0.8125,
    llr: 3.625,
    falseMatchProbability: 0.000_125,
    entries: 12,
    netSpeechMs: 6125,
    span: { startMs: 3125, endMs: 12_125 },
    modelId: 'm',
  },
};
const changed: ReasonOf<'caller-changed'> = {
  code: 'caller-changed',
  group: 'voice',
  weightNats: 2.5,
  text: 'Another voice took over the call at 0:31 (llr -5.1 of being the same person).',
  evidence: { atMs: 31_125, llr: -5.125 },
};
const payout: ReasonOf<'sensitive-action'> = {
  code: 'sensitive-action',
  group: 'account-activity',
  weightNats: 1.5,
  text: 'Payout.',
  evidence: {
    actions: [
      {
        accountEventId: 'e',
        kind: 'payout',
        at: '2026-11-26T11:59:00.000Z',
        verificationState: 'rejected',
      },
    ],
  },
};
const all: WeighedReason[] = [mismatch(-5.375), match, changed, payout];

const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code).sort();
const numbersIn = (reasons: readonly object[]) =>
  JSON.stringify(reasons).replaceAll(withdrawn.at, '').match(/\d+/g) ?? [];

describe('what a flag says of a voice whose owner said no', () => {
  it('keeps every reason and loses every number, once consent to verification and to screening is gone', () => {
    const endings: Endings = { verification: withdrawn, 'fraud-watchlist': withdrawn };
    const { reasons, destroyed } = withoutMeasurements(all, endings);
    expect(codes(reasons)).toEqual(codes(all));
    expect([...destroyed].sort()).toEqual(['caller-changed', 'voice-mismatch', 'watchlist-match']);
    const ofVoice = reasons.filter(({ group }) => group === 'voice');
    expect(numbersIn(ofVoice)).toEqual([]);
    expect(ofVoice.map(({ weightNats }) => weightNats)).toEqual([null, null, null]);
    // Which list it was stays; which voice of it is what was measured.
    expect(reasons.find(({ code }) => code === 'watchlist-match')?.evidence).toEqual({
      listId: 'list-a',
      listName: 'Confirmed',
    });
  });

  it('says so in words', () => {
    const [reason] = withoutMeasurements([mismatch(-5.375)], { verification: withdrawn }).reasons;
    expect(reason?.text).toBe(
      'The voice did not match the customer’s; what was measured was destroyed when consent was withdrawn at 2026-11-26T12:00:00.000Z.',
    );
    const { evidence, ...undecided } = mismatch(-5.375);
    const [left] = withoutMeasurements(
      [{ ...undecided, evidence: { ...evidence, verificationState: 'inconclusive' } }],
      { verification: { ...withdrawn, because: 'objected' } },
    ).reasons;
    expect(left?.text).toBe(
      'The voice seemed not to be the customer’s, but not enough to reject; what was measured was destroyed when the customer objected at 2026-11-26T12:00:00.000Z.',
    );
  });

  it.each<[Purpose, string[]]>([
    ['verification', ['caller-changed', 'voice-mismatch']],
    ['enrolment', ['caller-changed', 'voice-mismatch']],
    ['fraud-watchlist', ['watchlist-match']],
  ])('loses by a no to %s what was measured for it, and nothing else', (purpose, gone) => {
    const { reasons, destroyed } = withoutMeasurements(all, { [purpose]: withdrawn });
    expect([...destroyed].sort()).toEqual(gone);
    for (const reason of all.filter(({ code }) => !gone.includes(code))) expect(reasons).toContain(reason);
  });

  it('leaves what the account, the number and the questions say untouched', () => {
    const { reasons, destroyed } = withoutMeasurements([payout], { verification: withdrawn });
    expect({ reasons, destroyed }).toEqual({ reasons: [payout], destroyed: [] });
  });

  it('is destroyed once: a second no finds nothing, and keeps the time of the first', () => {
    const once = withoutMeasurements(all, { verification: withdrawn }).reasons;
    const later = { ...withdrawn, at: '2026-11-27T00:00:00.000Z' };
    expect(withoutMeasurements(once, { verification: later })).toEqual({ reasons: once, destroyed: [] });
  });

  it('weighs nothing any more', () => {
    const { reasons } = withoutMeasurements(all, { verification: withdrawn, 'fraud-watchlist': withdrawn });
    expect(weighReasons(reasons, defaultPolicy)).toEqual(weighReasons([payout], defaultPolicy));
  });

  it('is measured anew once the person has agreed again', () => {
    const { reasons } = withoutMeasurements([mismatch(-9)], { verification: withdrawn });
    const fresh = mismatch(-4.5);
    const merged = mergeReasons(reasons, [fresh], defaultPolicy.risk);
    expect(merged).toMatchObject({ reasons: [fresh], added: [], strengthened: ['voice-mismatch'] });
    // More of the same voice: it does not put a decided flag back into the queue.
    expect(merged.newEvidence).toBe(false);
  });
});

describe('whether the person has said no', () => {
  const consentId = (name: string) => name as ConsentId;
  const granted = (name: string, ...purposes: Purpose[]): ConsentEntry => ({
    kind: 'granted',
    consentId: consentId(name),
    purposes,
    method: 'web-form',
    givenAtMs: noon - 5000,
    validUntilMs: null,
  });
  const no = (...purposes: Purpose[]): ConsentEntry => ({
    kind: 'withdrawn',
    consentId: consentId('a'),
    purposes,
    atMs: noon,
  });

  it('is told by the last word on each purpose', () => {
    expect(endingsIn([granted('a', 'verification', 'enrolment')])).toEqual({});
    expect(endingsIn([granted('a', 'verification', 'enrolment'), no('verification')])).toEqual({
      verification: withdrawn,
    });
    expect(endingsIn([no('verification'), granted('b', 'verification')])).toEqual({});
  });

  it('is told by an objection of somebody who never agreed to anything', () => {
    expect(endingsIn([{ kind: 'objected', purposes: ['fraud-watchlist'], atMs: noon }])).toEqual({
      'fraud-watchlist': { because: 'objected', at: withdrawn.at },
    });
  });

  it('counts for what was measured before it, however soon the person agrees again', () => {
    const ledger = [granted('a', 'verification'), no('verification'), granted('b', 'verification')];
    expect(endingsIn(ledger, consentId('a'))).toEqual({ verification: withdrawn });
    expect(endingsIn(ledger, consentId('b'))).toEqual({});
  });

  it('is not what an end of consent by its date is', () => {
    const ended = { ...granted('a', 'verification'), validUntilMs: noon - 1000 };
    expect(endingsIn([ended])).toEqual({});
  });
});

describe('whatever was measured, and whoever says no to what', () => {
  it('no reason is lost and none appears', () => {
    const ending = fc.option(fc.constant(withdrawn), { nil: undefined });
    fc.assert(
      fc.property(
        fc.subarray(all),
        fc.record({ verification: ending, enrolment: ending, 'fraud-watchlist': ending }),
        (reasons, asked) => {
          const endings = Object.fromEntries(Object.entries(asked).filter(([, found]) => found)) as Endings;
          const left = withoutMeasurements(reasons, endings);
          expect(codes(left.reasons)).toEqual(codes(reasons));
          expect(left.reasons.filter(({ weightNats }) => weightNats === null)).toHaveLength(
            left.destroyed.length,
          );
        },
      ),
    );
  });
});
