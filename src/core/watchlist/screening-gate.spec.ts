import { describe, expect, it } from '@jest/globals';
import type { ConsentId, WatchlistId } from '../ids.js';
import type { ConsentEntry, Purpose } from '../privacy/consent.js';
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
  givenAtMs: 0,
  validUntilMs: null,
});
const withdrawn = (...purposes: Purpose[]): ConsentEntry => ({
  kind: 'withdrawn',
  consentId: 'c' as ConsentId,
  purposes,
  atMs: 10,
});
const caller = (residence: string | null, ...ledger: ConsentEntry[]): Caller => ({ residence, ledger });

describe('the screening gate', () => {
  it('opens where the documented ground covers the caller, until its review is due', () => {
    expect(screeningGate(basis(), caller('DE'), now)).toEqual({ kind: 'open', untilMs: now + 1000 });
  });

  it.each([
    ['lives elsewhere', caller('FR')],
    ['lives nobody knows where', caller(null)],
    ['consented to verification alone', caller('FR', granted('verification', 'enrolment'))],
  ])('stays closed to a caller who %s', (_, who) => {
    expect(screeningGate(basis(), who, now)).toEqual({ kind: 'closed', reason: 'consent-missing' });
  });

  it.each(['US-IL', 'US-TX', 'US-VA', 'US-CO'])('takes no ground but consent in %s', (residence) => {
    const wide = basis({ residences: [residence], unknownResidence: true });
    expect(screeningGate(wide, caller(residence), now).kind).toBe('closed');
    expect(screeningGate(wide, caller(residence, granted('fraud-watchlist')), now).kind).toBe('open');
    expect(uncoverable([residence])).toHaveLength(1);
  });

  it('opens to unknown residences only where that is documented', () => {
    expect(screeningGate(basis({ unknownResidence: true }), caller(null), now).kind).toBe('open');
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
      expect(screeningGate(basis(), who, now)).toEqual({ kind: 'closed', reason: 'caller-withdrew' });
    },
  );

  it.each<Purpose>(['fraud-watchlist', 'verification'])(
    'closes on any ground to who has objected to %s (GDPR Art. 21)',
    (purpose) => {
      const objected: ConsentEntry = { kind: 'objected', purposes: [purpose], atMs: 20 };
      expect(screeningGate(basis(), caller('DE', objected), now)).toEqual({
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
      releaseReference,
    });
    expect(entryRefusal(basis(), person('DE'), now)).toBeUndefined();
    expect(entryRefusal(basis(), person('US-IL'), now)).toBe('release-missing');
    expect(entryRefusal(basis(), person('US-IL', 'file 7'), now)).toBeUndefined();
    expect(entryRefusal(basis(), person(null), now)).toBe('release-missing');
    expect(entryRefusal(basis({ reviewByMs: now }), person('DE'), now)).toBe('basis-review-overdue');
  });
});
