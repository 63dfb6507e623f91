import type { EntityManager } from 'typeorm';
import type { CallId, CustomerId } from '../../../core/ids.js';

/** A call that broke off this long before may have been on its way from one process to another (call-transfers.ts). */
const onItsWayMs = 60_000;

/**
 * Of the calls claimed for the customer, and of `others`, those that went on at that moment, or were on their way between
 * processes, and the calls on other processes that these went on from.
 */
export async function callsUnderWay(
  em: EntityManager,
  customerId: CustomerId,
  at: Date,
  others: readonly CallId[] = [],
): Promise<CallId[]> {
  const rows = await em.query<{ call_id: CallId }[]>(
    `WITH RECURSIVE chain AS (
       SELECT call_id, continues_call_id FROM calls
       WHERE tenant_id = timbre_tenant() AND (claimed_customer_id = $1 OR call_id = ANY($2))
         AND (closed_at IS NULL OR closed_at >= $3
              OR (close_reason IN ('shutdown', 'taken-over', 'process-lost') AND closed_at > $4))
       UNION SELECT c.call_id, c.continues_call_id FROM calls c JOIN chain ON c.call_id = chain.continues_call_id)
     SELECT call_id FROM chain ORDER BY call_id`,
    [customerId, others, at, new Date(at.getTime() - onItsWayMs)],
  );
  return rows.map(({ call_id }) => call_id);
}

/** The call, and those on other processes that it resumed. */
export async function chainOf(em: EntityManager, callId: CallId): Promise<CallId[]> {
  const chain = await em.query<{ call_id: CallId }[]>(
    `WITH RECURSIVE chain AS (
       SELECT call_id, continues_call_id FROM calls WHERE call_id = $1
       UNION SELECT c.call_id, c.continues_call_id FROM calls c JOIN chain ON c.call_id = chain.continues_call_id)
     SELECT call_id FROM chain`,
    [callId],
  );
  return chain.map(({ call_id }) => call_id);
}
