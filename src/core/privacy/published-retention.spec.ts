import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, type Policy } from '../policy/policy.js';
import type { ConsentId } from '../ids.js';
import { noControllerDetails } from './controller-details.js';
import { dayMs } from './packs/period.js';
import { publishedRetention } from './published-retention.js';
import { storedTables } from '../../app/stored-tables.js';
import { dueOf, type RowFacts } from './retention-schedule.js';
import { voiceprintExpiry } from './retention.js';

// Numbers of its own in every field, so that none can stand for another.
const policy: Policy = {
  ...defaultPolicy,
  enrolment: { ...defaultPolicy.enrolment, stretchDays: 11 },
  watchlist: { ...defaultPolicy.watchlist, entryDaysAtMost: 222 },
  retention: {
    voiceprintDaysAfterLastInteraction: 333,
    callDays: 444,
    flagDays: 555,
    recordDays: 666,
    proofDays: 777,
    customerDays: 888,
  },
};
const kinds = storedTables.flatMap(({ retained = [] }) => retained);
const published = publishedRetention('Harbour Bank', 3, policy, kinds);
const daysOf = (kind: string): number | null | undefined =>
  published.classes.find((one) => one.kind === kind)?.days;

describe('the public policy of retention', () => {
  it('names every kind of row that the sweeper deletes, each with purpose and destruction', () => {
    expect(published.classes.map(({ kind }) => kind)).toEqual(kinds.map(({ kind }) => kind));
    expect(published.classes.length).toBeGreaterThan(11);
    for (const { purpose, period, destruction } of published.classes)
      for (const words of [purpose, period, destruction]) expect(words).not.toBe('');
  });

  it.each<[string, RowFacts]>([
    ['flag', { kind: 'flag', changedMs: 0 }],
    ['call', { kind: 'call', endedMs: 0, flagChangedMs: null }],
    ['voiceprint-record', { kind: 'record', endedMs: 0 }],
    ['watchlist-record', { kind: 'record', endedMs: 0 }],
    ['key-record', { kind: 'record', endedMs: 0 }],
    ['request', { kind: 'record', endedMs: 0 }],
    ['customer', { kind: 'customer', lastInteractionMs: 0 }],
  ])('promises the day on which the engine deletes: %s', (kind, row) => {
    expect((daysOf(kind) ?? 0) * dayMs).toBe(dueOf(row, policy.retention)?.atMs);
  });

  it('promises of a voiceprint the day by which the engine ends it', () => {
    const granted = { kind: 'granted', consentId: 'c' as ConsentId, method: 'web-form' } as const;
    const { atMs } = voiceprintExpiry({
      subject: { packs: [], lastInteractionMs: 0 },
      policy: policy.retention,
      ledger: [{ ...granted, purposes: ['enrolment', 'verification'], givenAtMs: 0, validUntilMs: null }],
      nowMs: 0,
    });
    expect((daysOf('voiceprint') ?? 0) * dayMs).toBe(atMs);
  });

  it('says the days in its words', () => {
    for (const { days, period } of published.classes) {
      expect(period).not.toMatch(/\bN\b/);
      if (days !== null) expect(period).toContain(`${days} days`);
    }
  });

  it('names the limit of each law that is switched on, and of no other (740 ILCS 14/15(a): three years)', () => {
    const laws = publishedRetention(
      'Bank',
      0,
      {
        ...policy,
        privacy: { ...policy.privacy, packs: ['bipa'] },
      },
      kinds,
    ).laws;
    expect(laws).toMatchObject([{ packId: 'bipa', asksForThisPolicy: '740 ILCS 14/15(a)' }]);
    expect(laws[0]?.limits.map(({ text }) => text)).toContain(
      'destroyed at most 36 months after we were last in touch with you',
    );
  });

  it('tells of the business what it gave for the public: not whom it passes data on to', () => {
    const controllerDetails = {
      ...noControllerDetails,
      controller: { name: 'Harbour Bank', email: 'privacy@harbour.example' },
      recipients: [{ name: 'Acme Hosting', what: 'servers', role: 'processor' as const }],
      securityMeasures: ['the vault in room 12'],
    };
    const text = JSON.stringify(
      publishedRetention('Harbour Bank', 3, { ...policy, controllerDetails }, kinds),
    );
    expect(text).toContain('privacy@harbour.example');
    expect(text).not.toMatch(/Acme|room 12/);
  });
});
