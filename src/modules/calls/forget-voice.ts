import type { EntityManager } from 'typeorm';
import type { CallResult } from '../../core/calls/result.js';
import { withoutVoice } from '../../core/calls/without-voice.js';
import type { CallId, CustomerId, TenantId } from '../../core/ids.js';

/** A call that broke off this long ago may be on its way from one process to another (call-handovers.ts). */
const onItsWayMs = 60_000;

/**
 * Destroys what the log holds of the voice in the customer's calls that are going on, or on their way between processes:
 * every result, and the row's own. Results that a live call has not written yet are destroyed by its own process
 * (`voice-forgotten`). Takes no customer's lock: call before or after, never within, a transaction that has it.
 */
export async function forgetVoiceOfCustomer(
  em: EntityManager,
  { tenantId, customerId }: { readonly tenantId: TenantId; readonly customerId: CustomerId },
  now: Date,
): Promise<void> {
  await lockCallEvents(em, tenantId);
  const calls = await em.query<{ call_id: CallId }[]>(
    `SELECT call_id FROM calls WHERE claimed_customer_id = $1
       AND (closed_at IS NULL OR (close_reason IN ('shutdown', 'taken-over') AND closed_at > $2))`,
    [customerId, new Date(now.getTime() - onItsWayMs)],
  );
  for (const { call_id: callId } of calls) await forgetVoiceOfCall(em, callId, null);
}

/** Held until the transaction ends: who writes to the tenant's event log takes turns. */
export async function lockCallEvents(em: EntityManager, tenantId: TenantId): Promise<void> {
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre call events ${tenantId}`]);
}

/** The same for one call and those on other processes that it went on from. `beforeEventId`: what came later stays. */
export async function forgetVoiceOfCall(
  em: EntityManager,
  callId: CallId,
  beforeEventId: string | null,
): Promise<void> {
  const chain = await em.query<{ call_id: CallId; result: CallResult }[]>(
    `WITH RECURSIVE chain AS (
       SELECT call_id, continues_call_id FROM calls WHERE call_id = $1
       UNION SELECT c.call_id, c.continues_call_id FROM calls c JOIN chain ON c.call_id = chain.continues_call_id)
     SELECT call_id, result FROM calls WHERE call_id IN (SELECT call_id FROM chain) ORDER BY call_id FOR NO KEY UPDATE`,
    [callId],
  );
  for (const call of chain) {
    if (call.result.verification.netSpeechMs > 0)
      await em.query('UPDATE calls SET result = $2 WHERE call_id = $1', [
        call.call_id,
        withoutVoice(call.result),
      ]);
  }
  await em.query(
    `DELETE FROM call_events WHERE call_id = ANY($1) AND kind IN ('result', 'closed')
       AND ($2::bigint IS NULL OR event_id < $2)
       AND (coalesce(payload -> 'result', payload) #>> '{verification,netSpeechMs}')::float8 > 0`,
    [chain.map((call) => call.call_id), beforeEventId],
  );
}
