import type { EntityManager } from 'typeorm';
import type { RetainedKind } from '../../../core/privacy/retention-schedule.js';

/** Kinds that are deleted as rows. The others are ended where they are made: a key goes with them. */
export const recordKinds = [
  'flag',
  'call',
  'voiceprint-record',
  'watchlist-record',
  'key-record',
  'consent-proof',
  'request',
  'customer',
] as const satisfies readonly RetainedKind[];
export type RecordKind = (typeof recordKinds)[number];

/** In order: what refers to a row goes before it. */
const statements: Readonly<Record<RecordKind, readonly string[]>> = {
  flag: ['DELETE FROM flag_changes WHERE flag_id = ANY($1)', 'DELETE FROM flags WHERE flag_id = ANY($1)'],
  call: [
    'DELETE FROM flag_changes WHERE flag_id IN (SELECT flag_id FROM flags WHERE call_id = ANY($1))',
    'DELETE FROM flags WHERE call_id = ANY($1)',
    'DELETE FROM account_events WHERE call_id = ANY($1)',
    'DELETE FROM call_handovers WHERE call_id = ANY($1)',
    'DELETE FROM call_events WHERE call_id = ANY($1)',
    'DELETE FROM calls WHERE call_id = ANY($1)',
  ],
  'voiceprint-record': ["DELETE FROM voiceprints WHERE voiceprint_id = ANY($1) AND status <> 'active'"],
  'watchlist-record': [
    `DELETE FROM watchlist_entries
      WHERE entry_id = ANY($1) AND ended_at IS NOT NULL AND (NOT shared OR share_destroyed_at IS NOT NULL)`,
  ],
  // Not before the half in the key store is gone too: the row is what tells that it has still to go.
  'key-record': [
    `DELETE FROM customer_keys
      WHERE key_id = ANY($1) AND destroyed_at IS NOT NULL AND (NOT shared OR share_destroyed_at IS NOT NULL)`,
  ],
  'consent-proof': ['DELETE FROM consent_proofs WHERE consent_id = ANY($1)'],
  request: ['DELETE FROM requests WHERE request_id = ANY($1) AND answered_at IS NOT NULL'],
  customer: ['DELETE FROM customers WHERE customer_id = ANY($1)'],
};

export async function removeRows(em: EntityManager, kind: RecordKind, ids: readonly string[]): Promise<void> {
  for (const sql of statements[kind]) await em.query(sql, [ids]);
}
