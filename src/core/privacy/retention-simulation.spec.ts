import { describe, expect, it } from '@jest/globals';
import type { ConsentId } from '../ids.js';
import { defaultPolicy, type PolicyDocument } from '../policy/policy.js';
import type { ConsentEntry } from './consent.js';
import { packIds, type PackId } from './packs/pack.js';
import { dueOf } from './retention-schedule.js';
import { voiceprintExpiry } from './retention.js';
import { subjectOf } from './subject.js';

/*
 * Five years of 10,000 customers, a sweep a day. What the product deletes is held against dates that this file works out by
 * itself: from the laws' own words, calendar arithmetic of Date and the events as they were drawn, without ledger or packs.
 */
const DAYS = 1826;
const CUSTOMERS = 10_000;
const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const sweepAt = (day: number): number => start + day * dayMs + 3_600_000;

type Settings = Pick<PolicyDocument, 'retention' | 'privacy'>;
const settings = (voiceprintDays: number, packs: readonly PackId[], more = {}): Settings => ({
  retention: { ...defaultPolicy.retention, voiceprintDaysAfterLastInteraction: voiceprintDays, ...more },
  privacy: { packs: [...packs], everywhere: [] },
});
/** The tenant changes its mind twice: Colorado is switched on late, and calls are then kept for a shorter time. */
const eras: [number, Settings][] = [
  [0, settings(1400, ['gdpr', 'ccpa', 'vcdpa', 'bipa', 'cubi'])],
  [800, settings(1400, packIds)],
  [1300, settings(500, packIds, { callDays: 200 })],
];
const eraOf = (day: number): Settings => eras.findLast(([from]) => from <= day)![1];

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Person {
  residence: string | null;
  last: number;
  consentEnds: number;
  readonly ledger: ConsentEntry[];
  voiceprint: 'active' | 'ended' | 'gone';
  voiceprintEnded: number;
  calls: { ended: number; flagged: number | null }[];
  exists: boolean;
}

/** "24 months after", "3 years after": the same date, or the last of its month. */
function monthsAfter(fromMs: number, months: number): number {
  const date = new Date(fromMs);
  const wanted = (date.getUTCMonth() + months) % 12;
  date.setUTCMonth(date.getUTCMonth() + months);
  while (date.getUTCMonth() !== wanted) date.setUTCDate(date.getUTCDate() - 1);
  return date.getTime();
}

function voiceprintDate(person: Person, { retention, privacy }: Settings): number {
  const at = (state: string, pack: PackId): boolean =>
    privacy.packs.includes(pack) && (person.residence === null || person.residence === state);
  return Math.min(
    person.consentEnds,
    person.last + retention.voiceprintDaysAfterLastInteraction * dayMs,
    at('US-CO', 'cpa') ? monthsAfter(person.last, 24) : Infinity,
    at('US-IL', 'bipa') ? monthsAfter(person.last, 36) : Infinity,
  );
}

function productDate(person: Person, era: Settings, nowMs: number): number {
  const subject = subjectOf({ residence: person.residence, lastInteractionMs: person.last }, era);
  return voiceprintExpiry({ subject, policy: era.retention, ledger: person.ledger, nowMs }).atMs;
}

const places = ['DE', 'FR', 'US-CA', 'US-VA', 'US-CO', 'US-IL', 'US-TX', 'US-NY', null];

function simulate(
  seed: number,
  found: { early: string[]; late: string[]; deleted: number; kept: number },
): void {
  const random = randomOf(seed);
  const draw = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const enrolled = Math.floor(random() * 300);
  const begun = start + enrolled * dayMs + Math.floor(random() * dayMs);
  const ends = random() < 0.3 ? begun + Math.floor((1 + random() * 1200) * dayMs) : Infinity;
  const consentId = `consent ${seed}` as ConsentId;
  const person: Person = {
    ...{ residence: draw(places), last: begun, consentEnds: ends, voiceprint: 'active', voiceprintEnded: 0 },
    ...{ calls: [], exists: true },
    ledger: [
      {
        ...{ kind: 'granted', consentId, purposes: ['verification', 'enrolment'], method: 'web-form' },
        ...{ givenAtMs: begun, validUntilMs: Number.isFinite(ends) ? ends : null },
      },
    ],
  };
  const callsPerDay = draw([0, 0.0005, 0.004, 0.02]);
  const withdrawsOn = random() < 0.1 ? enrolled + Math.floor(random() * 1000) : -1;
  const movesOn = random() < 0.1 ? enrolled + Math.floor(random() * 1000) : -1;
  let era = eraOf(enrolled);
  let due = productDate(person, era, begun);
  let ownDue = voiceprintDate(person, era);
  for (let day = enrolled + 1; day < DAYS && person.exists; day += 1) {
    const nowMs = sweepAt(day);
    let changed = false;
    if (era !== eraOf(day)) {
      era = eraOf(day);
      changed = true;
    }
    const eventMs = nowMs - 1 - Math.floor(random() * 3_000_000);
    if (random() < callsPerDay) {
      person.last = eventMs;
      person.calls.push({ ended: eventMs, flagged: random() < 0.1 ? eventMs : null });
      changed = true;
    }
    if (day === movesOn) {
      person.residence = draw(places);
      changed = true;
    }
    if (day === withdrawsOn) {
      person.ledger.push({
        ...{ kind: 'withdrawn', consentId, purposes: ['verification', 'enrolment'], atMs: eventMs },
      });
      person.consentEnds = Math.min(person.consentEnds, eventMs);
      changed = true;
    }
    if (changed && person.voiceprint === 'active') {
      due = productDate(person, era, eventMs);
      ownDue = voiceprintDate(person, era);
    }
    const judge = (what: string, productDueMs: number, ownDueMs: number): boolean => {
      const goes = productDueMs <= nowMs;
      if (goes && ownDueMs > nowMs) found.early.push(`${seed}, day ${day}: ${what}`);
      if (!goes && ownDueMs <= nowMs) found.late.push(`${seed}, day ${day}: ${what}`);
      if (goes) found.deleted += 1;
      else found.kept += 1;
      return goes;
    };
    const { retention } = era;
    if (person.voiceprint === 'ended') {
      const record = dueOf({ kind: 'voiceprint-record', endedMs: person.voiceprintEnded }, retention)!.atMs;
      if (judge('record', record, person.voiceprintEnded + retention.recordDays * dayMs))
        person.voiceprint = 'gone';
    }
    if (person.voiceprint === 'active' && judge('voiceprint', due, ownDue)) {
      person.voiceprint = 'ended';
      person.voiceprintEnded = nowMs;
    }
    person.calls = person.calls.filter(({ ended, flagged }) => {
      const product = dueOf({ kind: 'call', endedMs: ended, flagChangedMs: flagged }, retention)!.atMs;
      const byFlag = flagged === null ? 0 : flagged + retention.flagDays * dayMs;
      return !judge('call', product, Math.max(ended + retention.callDays * dayMs, byFlag));
    });
    if (person.voiceprint === 'gone' && person.calls.length === 0) {
      const row = dueOf({ kind: 'customer', lastInteractionMs: person.last }, retention)!.atMs;
      if (judge('customer', row, person.last + retention.customerDays * dayMs)) person.exists = false;
    }
  }
}

describe('five years of 10,000 customers', () => {
  it('keep nothing past its date and lose nothing before it', () => {
    const found = { early: [] as string[], late: [] as string[], deleted: 0, kept: 0 };
    for (let seed = 1; seed <= CUSTOMERS; seed += 1) simulate(seed, found);
    expect(found.early).toEqual([]);
    expect(found.late).toEqual([]);
    // Enough happened for that to mean something.
    expect(found.deleted).toBeGreaterThan(30_000);
    expect(found.kept).toBeGreaterThan(5_000_000);
  });
});
