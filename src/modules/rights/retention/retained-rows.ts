import type { EntityManager } from 'typeorm';
import type { ConsentId, CustomerId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { Ruling } from '../../../core/privacy/packs/pack.js';
import type { ExpiryReason } from '../../../core/privacy/retention.js';
import { DAY_MS } from '../../../core/privacy/packs/period.js';
import {
  dueOf,
  type Due,
  type RetainedKind,
  type RowFacts,
} from '../../../core/privacy/retention-schedule.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import { heldCustomer, heldEntry } from '../../people/legal-holds/held.js';

/** A row that may be due, with what its date follows from. */
export interface FoundRow {
  readonly id: string;
  readonly customerId: CustomerId | null;
  readonly due: Due | null;
  readonly held: boolean;
}

export interface Page {
  readonly rows: readonly FoundRow[];
  /** Where to go on; null: nothing more. */
  readonly next: Cursor | null;
}

export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

interface Asked {
  /** Rows that are due by then. */
  readonly horizonMs: number;
  /** Which holds are in force. */
  readonly nowMs: number;
  readonly after: Cursor | null;
  readonly limit: number;
}

interface StoredRow {
  readonly id: string;
  readonly at: Date;
  readonly customer_id: CustomerId | null;
  readonly held: boolean;
  readonly flag_at: Date | null;
  readonly reason: ExpiryReason | null;
  readonly ruling: Ruling | null;
}

interface RowSource {
  readonly table: string;
  readonly id: string;
  /** The moment from which its days count. No row is due before that moment and `days` have passed. */
  readonly at: string;
  readonly days: (policy: Policy) => number;
  readonly where: string;
  readonly customer: string;
  readonly held: string;
  readonly flagAt?: string;
  readonly reason?: string;
  readonly ruling?: string;
  readonly facts: (row: StoredRow, em: EntityManager) => RowFacts | Promise<RowFacts>;
}

const own = (kind: 'voiceprint' | 'enrolment-stretch' | 'call-handover' | 'watchlist-entry') => ({
  days: () => 0,
  facts: ({ at, reason, ruling }: StoredRow): RowFacts => ({
    kind,
    expiresMs: at.getTime(),
    reason,
    decidedBy: ruling,
  }),
});
const ended = (kind: 'voiceprint-record' | 'watchlist-record' | 'key-record' | 'request') => ({
  days: ({ retention }: Policy) => retention.recordDays,
  facts: ({ at }: StoredRow): RowFacts => ({ kind, endedMs: at.getTime() }),
});
const ofCustomer = { customer: 't.customer_id', held: heldCustomer('t.customer_id') };
const ofEntry = { customer: 'NULL::uuid', held: heldEntry('t.entry_id') };
/** Whoever a call was about at some moment. */
const heldCall = (call: string): string => `(
  EXISTS (SELECT 1 FROM calls c WHERE c.call_id = ${call} AND ${heldCustomer('c.claimed_customer_id')})
  OR EXISTS (SELECT 1 FROM flags f WHERE f.call_id = ${call} AND ${heldCustomer('f.customer_id')})
  OR EXISTS (SELECT 1 FROM account_events a WHERE a.call_id = ${call} AND ${heldCustomer('a.customer_id')}))`;

/** Where rows of each kind lie and how they are found by age. Row-level security keeps each query to the tenant. */
export const sources: Readonly<Record<RetainedKind, RowSource>> = {
  voiceprint: {
    table: 'voiceprints',
    id: 'voiceprint_id',
    at: 't.expires_at',
    where: "t.status = 'active'",
    ...own('voiceprint'),
    ...ofCustomer,
    reason: 't.expiry_reason',
    ruling: 't.expiry_decided_by',
  },
  'enrolment-stretch': {
    table: 'enrolment_stretches',
    id: 'stretch_id',
    at: 't.expires_at',
    where: 'true',
    ...own('enrolment-stretch'),
    ...ofCustomer,
  },
  'call-handover': {
    table: 'call_handovers',
    id: 'call_id',
    at: 't.expires_at',
    where: 'true',
    // A minute's copy of what lies elsewhere: no hold needs it.
    ...own('call-handover'),
    ...ofCustomer,
    held: 'false',
  },
  'watchlist-entry': {
    table: 'watchlist_entries',
    id: 'entry_id',
    at: 't.expires_at',
    where: 't.ended_at IS NULL',
    ...own('watchlist-entry'),
    ...ofEntry,
  },
  flag: {
    table: 'flags',
    id: 'flag_id',
    at: 't.updated_at',
    where: 'true',
    days: ({ retention }) => retention.flagDays,
    facts: ({ at }) => ({ kind: 'flag', changedMs: at.getTime() }),
    customer: 't.customer_id',
    held: heldCall('t.call_id'),
  },
  call: {
    table: 'calls',
    id: 'call_id',
    at: 'coalesce(t.closed_at, t.opened_at)',
    where: 'true',
    days: ({ retention }) => retention.callDays,
    flagAt: '(SELECT max(f.updated_at) FROM flags f WHERE f.call_id = t.call_id)',
    facts: ({ at, flag_at }) => ({
      kind: 'call',
      endedMs: at.getTime(),
      flagChangedMs: flag_at?.getTime() ?? null,
    }),
    customer: 't.claimed_customer_id',
    held: heldCall('t.call_id'),
  },
  'voiceprint-record': {
    table: 'voiceprints',
    id: 'voiceprint_id',
    at: 't.ended_at',
    where: "t.status <> 'active'",
    ...ended('voiceprint-record'),
    ...ofCustomer,
  },
  'watchlist-record': {
    table: 'watchlist_entries',
    id: 'entry_id',
    at: 't.ended_at',
    where: 't.ended_at IS NOT NULL AND (NOT t.shared OR t.share_destroyed_at IS NOT NULL)',
    ...ended('watchlist-record'),
    ...ofEntry,
  },
  'key-record': {
    table: 'customer_keys',
    id: 'key_id',
    at: 't.destroyed_at',
    where: `t.destroyed_at IS NOT NULL AND (NOT t.shared OR t.share_destroyed_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM voiceprints v WHERE v.key_id = t.key_id)`,
    ...ended('key-record'),
    ...ofCustomer,
  },
  'consent-proof': {
    table:
      "(SELECT p.consent_id, g.customer_id, g.recorded_at FROM consent_proofs p JOIN consents g USING (consent_id) WHERE g.kind = 'granted')",
    id: 'consent_id',
    at: 't.recorded_at',
    where: 'true',
    days: ({ retention }) => retention.proofDays,
    facts: async ({ id, customer_id }, em) => ({
      kind: 'consent-proof',
      consentId: id as ConsentId,
      ledger: customer_id === null ? [] : await readLedger(em, customer_id),
    }),
    ...ofCustomer,
  },
  request: {
    table: 'requests',
    id: 'request_id',
    at: 't.answered_at',
    where: 't.answered_at IS NOT NULL',
    ...ended('request'),
    ...ofCustomer,
  },
  customer: {
    table: 'customers',
    id: 'customer_id',
    at: 't.last_interaction_at',
    where: '$unreferenced',
    days: ({ retention }) => retention.customerDays,
    facts: ({ at }) => ({ kind: 'customer', lastInteractionMs: at.getTime() }),
    ...ofCustomer,
  },
};

/** A page of the rows of a kind that are due by the horizon, oldest first. */
export async function findDue(
  em: EntityManager,
  kind: RetainedKind,
  policy: Policy,
  { horizonMs, nowMs, after, limit }: Asked,
): Promise<Page> {
  const source = sources[kind];
  const where = source.where === '$unreferenced' ? await unreferenced(em) : source.where;
  const stored = await em.query<StoredRow[]>(
    `SELECT t.${source.id} AS id, ${source.at} AS at, ${source.customer} AS customer_id, ${source.held} AS held,
       ${source.flagAt ?? 'NULL::timestamptz'} AS flag_at, ${source.ruling ?? 'NULL::jsonb'} AS ruling,
       ${source.reason ?? 'NULL::text'} AS reason
     FROM ${source.table} AS t
     WHERE ${where} AND ${source.at} <= $2
       AND ($3::timestamptz IS NULL OR (${source.at}, t.${source.id}) > ($3, $4::uuid)) AND $1::timestamptz IS NOT NULL
     ORDER BY at, id LIMIT $5`,
    [
      new Date(nowMs),
      new Date(horizonMs - source.days(policy) * DAY_MS),
      after?.at ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  const rows: FoundRow[] = [];
  for (const row of stored) {
    const due = dueOf(await source.facts(row, em), policy.retention);
    if (due !== null && due.atMs <= horizonMs)
      rows.push({ id: row.id, customerId: row.customer_id, due, held: row.held });
  }
  const last = stored.at(-1);
  return { rows, next: last === undefined || stored.length < limit ? null : { at: last.at, id: last.id } };
}

/** No row of any table refers to the customer: asked of the database itself, so that a table added later counts too. */
async function unreferenced(em: EntityManager): Promise<string> {
  const found: { table: string; column: string }[] = await em.query(
    `SELECT c.conrelid::regclass::text AS table, a.attname AS column
     FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.confrelid = 'customers'::regclass AND c.confdeltype <> 'c'`,
  );
  const clauses = found.map(
    ({ table, column }) => `NOT EXISTS (SELECT 1 FROM ${table} r WHERE r."${column}" = t.customer_id)`,
  );
  return ['true', ...clauses].join(' AND ');
}
