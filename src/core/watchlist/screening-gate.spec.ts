import { describe, expect, it } from '@jest/globals';
import type { ConsentId, WatchlistId } from '../ids.js';
import type { ConsentEntry, Purpose } from '../privacy/consent.js';
import { packIds } from '../privacy/packs/pack.js';
import { packsFor } from '../privacy/packs/registry.js';
import { uncoverable, type ListBasis } from './list-basis.js';
import { admit, entryRefusal, screeningGate, type Caller } from './screening-gate.js';

const now = 1_000_000;
const basis = (more: Partial<ListBasis> = {}): ListBasis => ({
  ground: 'substantial-public-interest',
  residences: ['DE'],
  unknownResidence: false,
  reviewByMs: now + 1000,
  ...more,
});
const granted = (...purposes: Purpose[]): ConsentEntry => ({
  kind: 'granted',
  consentId: 'c' as ConsentId,
  purposes,
  method: 'web-form',
  givenAtMs: 0,
  validUntilMs: null,
});
const withdrawn = (...purposes: Purpose[]): ConsentEntry => ({
  kind: 'withdrawn',
  consentId: 'c' as ConsentId,
  purposes,
  atMs: 10,
});
const caller = (residence: string | null, ...ledger: ConsentEntry[]): Caller => ({
  residence,
  ledger,
  packs: packsFor(residence, packIds),
  lastInteractionMs: 0,
});

describe('the screening gate', () => {
  it('opens where the documented ground covers the caller, until its review is due', () => {
    expect(screeningGate(basis(), caller('DE'), now)).toMatchObject({
      kind: 'open',
      untilMs: now + 1000,
      decidedBy: { packId: 'gdpr', rule: 'watchlist' },
    });
  });

  it.each([
    ['lives elsewhere', caller('FR')],
    ['lives nobody knows where', caller(null)],
    ['consented to verification alone', caller('FR', granted('verification', 'enrolment'))],
  ])('stays closed to a caller who %s', (_, who) => {
    expect(screeningGate(basis(), who, now)).toMatchObject({ kind: 'closed', reason: 'consent-missing' });
  });

  it.each(['US-IL', 'US-TX', 'US-VA', 'US-CO'])('takes no ground but consent in %s', (residence) => {
    const wide = basis({ residences: [residence], unknownResidence: true });
    expect(screeningGate(wide, caller(residence), now).kind).toBe('closed');
    expect(screeningGate(wide, caller(residence, granted('fraud-watchlist')), now).kind).toBe('open');
    expect(uncoverable(wide, { packs: packIds })).toMatchObject([
      { residence, decidedBy: { rule: 'watchlist' } },
      { residence: null },
    ]);
  });

  it('opens to unknown residences only where that is documented', () => {
    const european = { ...caller(null), packs: packsFor(null, ['gdpr']) };
    expect(screeningGate(basis({ unknownResidence: true }), european, now).kind).toBe('open');
    expect(screeningGate(basis(), european, now).kind).toBe('closed');
  });

  it('takes no ground for unknown residences while a law that knows none is switched on', () => {
    const list = basis({ unknownResidence: true });
    expect(screeningGate(list, caller(null), now).kind).toBe('closed');
    expect(uncoverable(list, { packs: ['gdpr', 'bipa'] })).toMatchObject([
      { residence: null, decidedBy: { packId: 'bipa' } },
    ]);
    expect(uncoverable(list, { packs: ['gdpr'] })).toEqual([]);
  });

  it('opens in California to the exception for security alone, 1798.105(d)(2)', () => {
    const list = basis({ ground: 'security-exception', residences: ['US-CA', 'DE'] });
    expect(screeningGate(list, caller('US-CA'), now).kind).toBe('open');
    expect(screeningGate(list, caller('DE'), now).kind).toBe('closed');
  });

  it('takes no key pressed for the written release of Illinois', () => {
    const pressed = { ...granted('fraud-watchlist'), method: 'ivr-digit' } as ConsentEntry;
    expect(screeningGate(basis(), caller('US-IL', pressed), now)).toMatchObject({
      reason: 'consent-method-not-enough',
      decidedBy: { packId: 'bipa' },
    });
  });

  it('of a list that rests on consent opens to those who gave it', () => {
    const list = basis({ ground: 'explicit-consent', unknownResidence: true });
    expect(screeningGate(list, caller('DE'), now).kind).toBe('closed');
    expect(screeningGate(list, caller('DE', granted('fraud-watchlist')), now).kind).toBe('open');
  });

  it.each<Purpose>(['fraud-watchlist', 'verification'])(
    'closes on any ground to who has withdrawn consent to %s',
    (purpose) => {
      const who = caller('DE', granted('verification', 'fraud-watchlist'), withdrawn(purpose));
      expect(screeningGate(basis(), who, now)).toMatchObject({ kind: 'closed', reason: 'caller-withdrew' });
    },
  );

  it.each<Purpose>(['fraud-watchlist', 'verification'])(
    'closes on any ground to who has objected to %s (GDPR Art. 21)',
    (purpose) => {
      const objected: ConsentEntry = { kind: 'objected', purposes: [purpose], atMs: 20 };
      expect(screeningGate(basis(), caller('DE', objected), now)).toMatchObject({
        kind: 'closed',
        reason: 'caller-withdrew',
      });
    },
  );

  it('closes when the review is overdue, consent or not', () => {
    const late = basis({ reviewByMs: now });
    expect(screeningGate(late, caller('DE', granted('fraud-watchlist')), now)).toEqual({
      kind: 'closed',
      reason: 'basis-review-overdue',
    });
  });

  it('lets a voice be analysed for screening alone only by a list that is open to it and says so', () => {
    const own = { ...basis(), listId: 'own' as WatchlistId, reach: 'verified-calls' as const };
    const wide = {
      ...basis({ residences: ['FR'] }),
      listId: 'wide' as WatchlistId,
      reach: 'every-claimed-call' as const,
    };
    expect(admit([own, wide], caller('DE'), now)).toMatchObject({ lists: ['own'], mayAnalyse: false });
    expect(admit([own, wide], caller('FR'), now)).toMatchObject({ lists: ['wide'], mayAnalyse: true });
    expect(admit([own, wide], caller('ES'), now)).toMatchObject({ lists: [], mayAnalyse: false });
  });
});

describe('putting a voice on a list', () => {
  it('needs cover by the ground, or a release of the person’s own', () => {
    const person = (residence: string | null, releaseReference: string | null = null) => ({
      residence,
      packs: packsFor(residence, packIds),
      releaseReference,
    });
    expect(entryRefusal(basis(), person('DE'), now)).toBeUndefined();
    expect(entryRefusal(basis(), person('US-IL'), now)).toMatchObject({
      kind: 'release-missing',
      decidedBy: { packId: 'bipa' },
    });
    expect(entryRefusal(basis(), person('US-IL', 'file 7'), now)).toBeUndefined();
    expect(entryRefusal(basis(), person(null), now)).toMatchObject({ kind: 'release-missing' });
    expect(entryRefusal(basis({ reviewByMs: now }), person('DE'), now)).toEqual({
      kind: 'basis-review-overdue',
    });
  });
});
