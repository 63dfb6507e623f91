import type { EntityManager } from 'typeorm';
import { erasedResult } from '../../../core/calls/erased-result.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId } from '../../../core/ids.js';

interface CallRow {
  readonly call_id: CallId;
  readonly result: CallResult;
}

/** What was told of the customer in every call that was ever claimed for them. Says how many events went. */
export async function eraseEventsOf(em: EntityManager, customerId: CustomerId): Promise<number> {
  const own = await callsOf(em, customerId);
  let events = await eraseEarlierClaims(em, customerId);
  for (const call of own) events += await deleteTold(em, call);
  return events;
}

/** Takes the customer out of their calls, whose events are gone. The calls themselves stay, as nobody's. */
export async function eraseCallsOf(em: EntityManager, customerId: CustomerId): Promise<number> {
  const own = await callsOf(em, customerId);
  for (const call of own) await blank(em, call);
  return own.length;
}

function callsOf(em: EntityManager, customerId: CustomerId): Promise<CallRow[]> {
  return em.query<CallRow[]>('SELECT call_id, result FROM calls WHERE claimed_customer_id = $1 FOR UPDATE', [
    customerId,
  ]);
}

/**
 * The same for a call whose customer was erased while it went on: what was under way to the database then is there by now. A
 * call that has been claimed for somebody else since is theirs.
 */
export async function eraseLateTraces(em: EntityManager, callId: CallId): Promise<void> {
  const [call] = await em.query<CallRow[]>(
    'SELECT call_id, result FROM calls WHERE call_id = $1 AND claimed_customer_id IS NULL FOR UPDATE',
    [callId],
  );
  if (call === undefined) return;
  await blank(em, call);
  await deleteTold(em, call);
}

/**
 * What processes wrote of the customer while they were erased: after it was committed, under the event log's lock. Nothing comes
 * later (unread-facts.ts).
 */
export async function eraseLateResults(em: EntityManager, customerId: CustomerId, at: Date): Promise<void> {
  const live = await em.query<CallRow[]>(
    `SELECT call_id, result FROM calls WHERE tenant_id = timbre_tenant() AND opened_at > $1::timestamptz - interval '1 day'
       AND (closed_at IS NULL OR closed_at >= $1) ORDER BY call_id`,
    [at],
  );
  for (const call of live) if (call.result.claimedCustomerId === customerId) await blank(em, call);
  await em.query(
    `DELETE FROM call_events WHERE call_id = ANY($2)
     AND (payload ->> 'customerId' = $1 OR payload ->> 'claimedCustomerId' = $1 OR payload -> 'result' ->> 'claimedCustomerId' = $1)`,
    [customerId, live.map(({ call_id }) => call_id)],
  );
}

/** Such a call is over: no stream comes back to it. */
export async function forgetStream(em: EntityManager, callId: CallId): Promise<void> {
  await em.query(
    'UPDATE calls SET stream_key = NULL WHERE call_id = $1 AND claimed_customer_id IS NULL AND closed_at IS NOT NULL',
    [callId],
  );
}

/** Results hold a likelihood and the customer's id; the platform's own ids and the number lead to the person. */
async function blank(em: EntityManager, { call_id: callId, result }: CallRow): Promise<void> {
  await em.query(
    `UPDATE calls SET claimed_customer_id = NULL, external_id = NULL, ani_hash = NULL, result = $2,
       -- A stream that broke off may still come back to a call that goes on.
       stream_key = CASE WHEN closed_at IS NULL THEN stream_key END
     WHERE call_id = $1`,
    [callId, JSON.stringify(erasedResult(result))],
  );
}

async function deleteTold(em: EntityManager, { call_id: callId }: CallRow): Promise<number> {
  const [, deleted] = await em.query<[unknown, number]>(
    // What was told of a call that is nobody's stays: whoever watches it still has to hear that.
    `DELETE FROM call_events WHERE call_id = $1 AND NOT (
       kind = 'result' AND payload ->> 'claimedCustomerId' IS NULL AND payload ->> 'externalId' IS NULL)`,
    [callId],
  );
  return deleted;
}

/** Calls that were claimed for this customer first and for another one later. */
async function eraseEarlierClaims(em: EntityManager, customerId: CustomerId): Promise<number> {
  const [, deleted] = await em.query<[unknown, number]>(
    `DELETE FROM call_events WHERE call_id IN (
       SELECT call_id FROM call_events WHERE kind = 'claimed' AND payload ->> 'customerId' = $1 AND tenant_id = timbre_tenant())
     AND (payload ->> 'customerId' = $1 OR payload ->> 'claimedCustomerId' = $1 OR payload -> 'result' ->> 'claimedCustomerId' = $1)`,
    [customerId],
  );
  return deleted;
}
