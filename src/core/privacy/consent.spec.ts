import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConsentId } from '../ids.js';
import { consentFor, purposes, standingPurposes, type ConsentEntry, type Purpose } from './consent.js';

const a = 'a' as ConsentId;
const b = 'b' as ConsentId;

function granted(
  consentId: ConsentId,
  of: Purpose[] = ['verification'],
  from = 0,
  until: number | null = null,
): ConsentEntry {
  return {
    kind: 'granted',
    consentId,
    purposes: of,
    method: 'web-form',
    givenAtMs: from,
    validUntilMs: until,
  };
}
function withdrawn(consentId: ConsentId, of: Purpose[] = ['verification'], atMs = 50): ConsentEntry {
  return { kind: 'withdrawn', consentId, purposes: of, atMs };
}

const objected: ConsentEntry = { kind: 'objected', purposes: ['verification'], atMs: 60 };

describe('consent for a purpose', () => {
  it.each<{ when: string; ledger: ConsentEntry[]; is: ReturnType<typeof consentFor> }>([
    { when: 'nothing is recorded', ledger: [], is: { kind: 'missing' } },
    { when: 'it was given', ledger: [granted(a)], is: { kind: 'granted', consentId: a, validUntilMs: null } },
    { when: 'it was given for something else', ledger: [granted(a, ['enrolment'])], is: { kind: 'missing' } },
    {
      when: 'it was given from now on',
      ledger: [granted(a, undefined, 100)],
      is: { kind: 'granted', consentId: a, validUntilMs: null },
    },
    { when: 'it begins later', ledger: [granted(a, undefined, 101)], is: { kind: 'missing' } },
    {
      when: 'it ends later',
      ledger: [granted(a, undefined, 0, 101)],
      is: { kind: 'granted', consentId: a, validUntilMs: 101 },
    },
    {
      when: 'it ends now',
      ledger: [granted(a, undefined, 0, 100)],
      is: { kind: 'expired', consentId: a, atMs: 100 },
    },
    {
      when: 'it was withdrawn',
      ledger: [granted(a), withdrawn(a)],
      is: { kind: 'withdrawn', consentId: a, atMs: 50 },
    },
    {
      when: 'it was withdrawn after it had run out',
      ledger: [granted(a, undefined, 0, 20), withdrawn(a)],
      is: { kind: 'withdrawn', consentId: a, atMs: 50 },
    },
    {
      when: 'it was given again after a withdrawal',
      ledger: [granted(a), withdrawn(a), granted(b)],
      is: { kind: 'granted', consentId: b, validUntilMs: null },
    },
    {
      when: 'the person objected, never having consented',
      ledger: [objected],
      is: { kind: 'objected', atMs: 60 },
    },
    {
      when: 'the person limited it while consent stands',
      ledger: [granted(a), objected],
      is: { kind: 'objected', atMs: 60 },
    },
    {
      when: 'it was given again after an objection: the newer word counts',
      ledger: [granted(a), objected, granted(b)],
      is: { kind: 'granted', consentId: b, validUntilMs: null },
    },
    {
      when: 'it was given twice and withdrawn once: the person said no',
      ledger: [granted(a), granted(b), withdrawn(a)],
      is: { kind: 'withdrawn', consentId: a, atMs: 50 },
    },
    {
      when: 'only another purpose was withdrawn',
      ledger: [granted(a, ['verification', 'enrolment']), withdrawn(a, ['enrolment'])],
      is: { kind: 'granted', consentId: a, validUntilMs: null },
    },
    {
      when: 'one ran out and another has not',
      ledger: [granted(a, undefined, 0, 20), granted(b, undefined, 0, 200)],
      is: { kind: 'granted', consentId: b, validUntilMs: 200 },
    },
    {
      when: 'two are in force: the longer one is named',
      ledger: [granted(a, undefined, 0, 300), granted(b, undefined, 0, 200)],
      is: { kind: 'granted', consentId: a, validUntilMs: 300 },
    },
    {
      when: 'it was given again after a withdrawal and ran out',
      ledger: [granted(a), withdrawn(a), granted(b, undefined, 60, 90)],
      is: { kind: 'expired', consentId: b, atMs: 90 },
    },
  ])('is $is.kind when $when', ({ ledger, is }) => {
    expect(consentFor('verification', ledger, 100)).toEqual(is);
  });

  it('is never granted when the last word on the purpose is a withdrawal', () => {
    const entry = fc
      .record({
        kind: fc.constantFrom('granted', 'withdrawn'),
        consentId: fc.constantFrom(a, b),
        of: fc.subarray([...purposes], { minLength: 1 }),
        from: fc.nat(200),
        until: fc.option(fc.nat(200)),
      })
      .map(({ kind, consentId, of, from, until }) =>
        kind === 'granted' ? granted(consentId, of, from, until) : withdrawn(consentId, of, from),
      );
    fc.assert(
      fc.property(fc.array(entry), fc.nat(200), (ledger, now) => {
        const after = [...ledger, withdrawn(a)];
        expect(consentFor('verification', after, now).kind).toBe('withdrawn');
      }),
    );
  });
});

describe('what stands of a consent', () => {
  it('is nothing known for one that was never given', () => {
    expect(standingPurposes(a, [granted(b), withdrawn(b)])).toBeUndefined();
  });

  it('is all of it until withdrawn, then nothing', () => {
    const grant = granted(a, ['verification', 'enrolment']);
    expect(standingPurposes(a, [grant])).toEqual(['verification', 'enrolment']);
    expect(standingPurposes(a, [grant, withdrawn(a, ['verification', 'enrolment'])])).toEqual([]);
  });

  it('is what the withdrawal of another consent left of it', () => {
    const ledger = [
      granted(a, ['verification']),
      granted(b, ['verification', 'fraud-watchlist']),
      withdrawn(a),
    ];
    expect(standingPurposes(b, ledger)).toEqual(['fraud-watchlist']);
  });
});
