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
const days = 1826;
const customers = 10_000;
const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const sweepAt = (day: number): number => start + day * dayMs + 3_600_000;

// Each look at a global costs a test more than the arithmetic does, and this file makes a hundred million.
const { floor, imul } = Math;

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
const eraStarts = new Set(eras.map(([from]) => from));
const eraOf = (day: number): Settings => eras.findLast(([from]) => from <= day)![1];

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A row and the two dates on which it must go, asked for again whenever something has changed. */
interface Row {
  readonly what: string;
  product: number;
  own: number;
}

interface Call extends Row {
  readonly ended: number;
  readonly flagged: number | null;
}

interface Person {
  residence: string | null;
  last: number;
  consentEnds: number;
  readonly ledger: ConsentEntry[];
  /** The voiceprint, then the record of it, then nothing. */
  voice: Row | null;
  calls: Call[];
  /** Of the customer's own row, once nothing else is left. */
  rest: Row | null;
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

function dateCall(call: Call, { retention }: Settings): void {
  const { ended, flagged } = call;
  call.product = dueOf({ kind: 'call', endedMs: ended, flagChangedMs: flagged }, retention)!.atMs;
  const byFlag = flagged === null ? 0 : flagged + retention.flagDays * dayMs;
  call.own = Math.max(ended + retention.callDays * dayMs, byFlag);
}

function recordOf(endedMs: number, { retention }: Settings): Row {
  const product = dueOf({ kind: 'record', endedMs }, retention)!.atMs;
  return { what: 'record', product, own: endedMs + retention.recordDays * dayMs };
}

function customerRow({ last }: Person, { retention }: Settings): Row {
  const product = dueOf({ kind: 'customer', lastInteractionMs: last }, retention)!.atMs;
  return { what: 'customer', product, own: last + retention.customerDays * dayMs };
}

interface Found {
  readonly early: string[];
  readonly late: string[];
  deleted: number;
  kept: number;
}

/** One row at one sweep: whether the product takes it. */
function judge({ what, product, own }: Row, nowMs: number, who: number, day: number, found: Found): boolean {
  const goes = product <= nowMs;
  if (goes && own > nowMs) found.early.push(`${who}, day ${day}: ${what}`);
  if (!goes && own <= nowMs) found.late.push(`${who}, day ${day}: ${what}`);
  if (goes) found.deleted += 1;
  else found.kept += 1;
  return goes;
}

const places = ['DE', 'FR', 'US-CA', 'US-VA', 'US-CO', 'US-IL', 'US-TX', 'US-NY', null];

function simulate(seed: number, found: Found): void {
  const random = randomOf(seed);
  const draw = <T>(from: readonly T[]): T => from[floor(random() * from.length)]!;
  const enrolled = floor(random() * 300);
  const begun = start + enrolled * dayMs + floor(random() * dayMs);
  const ends = random() < 0.3 ? begun + floor((1 + random() * 1200) * dayMs) : Infinity;
  const consentId = `consent ${seed}` as ConsentId;
  const person: Person = {
    residence: draw(places),
    last: begun,
    consentEnds: ends,
    voice: null,
    calls: [],
    rest: null,
    ledger: [
      {
        kind: 'granted',
        consentId,
        purposes: ['verification', 'enrolment'],
        method: 'web-form',
        givenAtMs: begun,
        validUntilMs: Number.isFinite(ends) ? ends : null,
      },
    ],
  };
  const callsPerDay = draw([0, 0.0005, 0.004, 0.02]);
  const withdrawsOn = random() < 0.1 ? enrolled + floor(random() * 1000) : -1;
  const movesOn = random() < 0.1 ? enrolled + floor(random() * 1000) : -1;
  let era = eraOf(enrolled);
  const voiceprintRow = (nowMs: number): Row => ({
    what: 'voiceprint',
    product: productDate(person, era, nowMs),
    own: voiceprintDate(person, era),
  });
  person.voice = voiceprintRow(begun);
  let voiceprintEnded = 0;
  for (let day = enrolled + 1; day < days; day += 1) {
    const nowMs = sweepAt(day);
    let changed = false;
    if (eraStarts.has(day)) {
      era = eraOf(day);
      changed = true;
      for (const call of person.calls) dateCall(call, era);
      if (person.voice?.what === 'record') person.voice = recordOf(voiceprintEnded, era);
    }
    const eventMs = nowMs - 1 - floor(random() * 3_000_000);
    if (random() < callsPerDay) {
      person.last = eventMs;
      const call = { what: 'call', ended: eventMs, flagged: random() < 0.1 ? eventMs : null };
      const made = { ...call, product: 0, own: 0 };
      dateCall(made, era);
      person.calls.push(made);
      changed = true;
    }
    if (day === movesOn) {
      person.residence = draw(places);
      changed = true;
    }
    if (day === withdrawsOn) {
      person.ledger.push({
        kind: 'withdrawn',
        consentId,
        purposes: ['verification', 'enrolment'],
        atMs: eventMs,
      });
      person.consentEnds = Math.min(person.consentEnds, eventMs);
      changed = true;
    }
    if (changed && person.voice?.what === 'voiceprint') person.voice = voiceprintRow(eventMs);
    if (changed) person.rest = null;

    if (person.voice && judge(person.voice, nowMs, seed, day, found)) {
      const wasVoiceprint: boolean = person.voice.what === 'voiceprint';
      if (wasVoiceprint) voiceprintEnded = nowMs;
      person.voice = wasVoiceprint ? recordOf(nowMs, era) : null;
    }
    if (person.calls.length > 0)
      person.calls = person.calls.filter((call) => !judge(call, nowMs, seed, day, found));
    if (person.voice === null && person.calls.length === 0) {
      person.rest ??= customerRow(person, era);
      if (judge(person.rest, nowMs, seed, day, found)) return;
    }
  }
}

describe('five years of 10,000 customers', () => {
  it('keep nothing past its date and lose nothing before it', () => {
    const found: Found = { early: [], late: [], deleted: 0, kept: 0 };
    for (let seed = 1; seed <= customers; seed += 1) simulate(seed, found);
    expect(found.early).toEqual([]);
    expect(found.late).toEqual([]);
    // Enough happened for that to mean something.
    expect(found.deleted).toBeGreaterThan(30_000);
    expect(found.kept).toBeGreaterThan(5_000_000);
  });
});
