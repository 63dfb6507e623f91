import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import { heldCustomer } from '../../people/legal-holds/held.js';

export interface Ended {
  readonly customerId: CustomerId;
  readonly dueAtMs: number;
}

export interface BatchResult {
  /** Customers looked at; fewer than the limit means that nothing more is due. */
  readonly customers: number;
  readonly voiceprints: readonly Ended[];
  readonly stretches: readonly Ended[];
  readonly held: readonly Ended[];
  /** Voiceprints past their date that a legal hold keeps, unused. */
  readonly restricted: number;
}

interface EndedRow {
  readonly customer_id: CustomerId;
  readonly expires_at: Date;
}

const toEnded = ({ customer_id: customerId, expires_at }: EndedRow): Ended => ({
  customerId,
  dueAtMs: expires_at.getTime(),
});

/**
 * Ends what is past its date for up to `limit` customers of the transaction's tenant. A customer who is being dealt with just
 * now (locked) is left for the next sweep. A key goes when nothing needs it any more.
 */
export async function endDue(em: EntityManager, nowMs: number, limit: number): Promise<BatchResult> {
  const now = new Date(nowMs);
  const due: { customer_id: CustomerId }[] = await em.query(
    `SELECT customer_id FROM customers AS t WHERE customer_id IN (
       SELECT customer_id FROM voiceprints WHERE status = 'active' AND expires_at <= $1
       UNION SELECT customer_id FROM enrolment_stretches WHERE expires_at <= $1
       UNION SELECT customer_id FROM held_enrolments WHERE expires_at <= $1)
       AND NOT ${heldCustomer('t.customer_id')}
     LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
    [now, limit],
  );
  const customers = due.map((row) => row.customer_id);
  const restricted = await restrictHeld(em, now);
  if (customers.length === 0) return { customers: 0, voiceprints: [], stretches: [], held: [], restricted };
  const [voiceprints] = await em.query<[EndedRow[], number]>(
    `UPDATE voiceprints SET status = 'expired', ciphertext = NULL, ended_at = $1, ended_reason = expiry_reason
     WHERE customer_id = ANY($2) AND status = 'active' AND expires_at <= $1 RETURNING customer_id, expires_at`,
    [now, customers],
  );
  const [stretches] = await em.query<[EndedRow[], number]>(
    `DELETE FROM enrolment_stretches WHERE customer_id = ANY($2) AND expires_at <= $1 RETURNING customer_id, expires_at`,
    [now, customers],
  );
  const [held] = await em.query<[EndedRow[], number]>(
    `DELETE FROM held_enrolments WHERE customer_id = ANY($2) AND expires_at <= $1 RETURNING customer_id, expires_at`,
    [now, customers],
  );
  await em.query(
    `UPDATE customer_keys AS k SET wrapped_key = NULL, destroyed_at = $1, destroyed_reason = 'nothing-left-to-open'
     WHERE customer_id = ANY($2) AND destroyed_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM voiceprints AS v WHERE v.key_id = k.key_id AND v.status = 'active')
       AND NOT EXISTS (SELECT 1 FROM enrolment_stretches AS s WHERE s.key_id = k.key_id)
       AND NOT EXISTS (SELECT 1 FROM held_enrolments AS h WHERE h.key_id = k.key_id)`,
    [now, customers],
  );
  return {
    customers: customers.length,
    voiceprints: voiceprints.map(toEnded),
    stretches: stretches.map(toEnded),
    held: held.map(toEnded),
    restricted,
  };
}

/** A hold keeps a voiceprint past its date for a claim, not for use (GDPR Art. 18(2)). Returns how many are kept so now. */
async function restrictHeld(em: EntityManager, now: Date): Promise<number> {
  await em.query(
    `UPDATE voiceprints AS t SET restricted_at = $1
     WHERE status = 'active' AND expires_at <= $1 AND restricted_at IS NULL AND ${heldCustomer('t.customer_id')}`,
    [now],
  );
  const [kept]: { count: number }[] = await em.query(
    `SELECT count(*)::int AS count FROM voiceprints WHERE status = 'active' AND restricted_at IS NOT NULL`,
  );
  return kept?.count ?? 0;
}
