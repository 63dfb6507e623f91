import type { EntityManager } from 'typeorm';
import type { CallResult } from '../../../core/calls/result.js';
import { withoutVoice } from '../../../core/calls/without-voice.js';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';
import { endingsIn, type Endings } from '../../../core/risk/destroyed-measurements.js';
import type { Destruction } from '../../../core/risk/risk-reason.js';
import { readLedger } from '../../people/consents/consent-ledger.js';
import { forgetFlagMeasurements } from './forget-flag-measurements.js';

/** A call that broke off this long ago may be on its way from one process to another (call-handovers.ts). */
const onItsWayMs = 60_000;

/** What the person said no to. */
export interface SaidNo extends Destruction {
  readonly purposes: readonly Purpose[];
}

/**
 * Destroys what the log holds of the voice in the customer's calls that are going on, or on their way between processes: every
 * result, the row's own, and what flags of these calls say of it in numbers. Results that a live call has not written yet are
 * destroyed by its own process (`voice-forgotten`), flags are written without them (flags.service.ts). Takes no customer's
 * lock: call before or after, never within, a transaction that has it. Returns the last event that tells of it, if any does.
 */
export async function forgetVoiceOfCustomer(
  em: EntityManager,
  { tenantId, customerId }: { readonly tenantId: TenantId; readonly customerId: CustomerId },
  { purposes, ...ending }: SaidNo,
  now: Date,
): Promise<string | null> {
  await lockCallEvents(em, tenantId);
  const calls = await em.query<{ call_id: CallId; is_claimed: boolean }[]>(
    `SELECT call_id, claimed_customer_id IS NOT DISTINCT FROM $1 AS is_claimed FROM calls
     WHERE (claimed_customer_id = $1 OR call_id IN (SELECT call_id FROM flags WHERE customer_id = $1))
       AND (closed_at IS NULL OR (close_reason IN ('shutdown', 'taken-over') AND closed_at > $2))
     ORDER BY call_id`,
    [customerId, new Date(now.getTime() - onItsWayMs)],
  );
  const wasVerified = purposes.some((purpose) => purpose !== 'fraud-watchlist');
  const endings: Endings = Object.fromEntries(purposes.map((purpose) => [purpose, ending]));
  const claimed: CallId[] = [];
  const all: CallId[] = [];
  for (const { call_id: callId, is_claimed } of calls) {
    const chain = await chainOf(em, callId);
    all.push(...chain);
    if (is_claimed) claimed.push(...chain);
  }
  const lastEventId = await forgetFlagMeasurements(em, { tenantId, callIds: all, now }, (whose) =>
    whose === customerId ? endings : {},
  );
  if (wasVerified) await forgetResults(em, claimed, null);
  return lastEventId;
}

/** Held until the transaction ends: who writes to the tenant's event log takes turns. */
export async function lockCallEvents(em: EntityManager, tenantId: TenantId): Promise<void> {
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre call events ${tenantId}`]);
}

/** The same for one call and those on other processes that it went on from. `beforeEventId`: results that came later stay. */
export async function forgetVoiceOfCall(
  em: EntityManager,
  { tenantId, callId, now }: { readonly tenantId: TenantId; readonly callId: CallId; readonly now: Date },
  beforeEventId: string,
): Promise<string | null> {
  const callIds = await chainOf(em, callId);
  const lastEventId = await forgetFlagMeasurements(em, { tenantId, callIds, now }, async (whose) =>
    endingsIn(await readLedger(em, whose)),
  );
  await forgetResults(em, callIds, beforeEventId);
  return lastEventId;
}

/** Flags are locked before calls, as an erasure does: for whoever is about to lock the call by changing its row. */
export async function lockFlagsOf(em: EntityManager, callId: CallId): Promise<void> {
  await em.query('SELECT 1 FROM flags WHERE call_id = ANY($1) ORDER BY flag_id FOR UPDATE', [
    await chainOf(em, callId),
  ]);
}

/** The call, and those on other processes that it went on from. */
async function chainOf(em: EntityManager, callId: CallId): Promise<CallId[]> {
  const chain = await em.query<{ call_id: CallId }[]>(
    `WITH RECURSIVE chain AS (
       SELECT call_id, continues_call_id FROM calls WHERE call_id = $1
       UNION SELECT c.call_id, c.continues_call_id FROM calls c JOIN chain ON c.call_id = chain.continues_call_id)
     SELECT call_id FROM chain`,
    [callId],
  );
  return chain.map(({ call_id }) => call_id);
}

async function forgetResults(
  em: EntityManager,
  callIds: readonly CallId[],
  beforeEventId: string | null,
): Promise<void> {
  const calls = await em.query<{ call_id: CallId; result: CallResult }[]>(
    'SELECT call_id, result FROM calls WHERE call_id = ANY($1) ORDER BY call_id FOR NO KEY UPDATE',
    [callIds],
  );
  for (const call of calls) {
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
    [callIds, beforeEventId],
  );
}
