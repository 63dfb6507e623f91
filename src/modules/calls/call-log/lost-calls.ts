import type { EntityManager } from 'typeorm';
import type { CallEndReason } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, ProcessId, TenantId } from '../../../core/ids.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { verificationDecided } from './call-audit.js';
import { CallEvent } from './call-event.entity.js';
import { lockCallEvents } from './event-lock.js';

interface Closed {
  readonly call_id: CallId;
  readonly claimed_customer_id: CustomerId | null;
  readonly result: CallResult;
}

/** Closes the tenant's calls that no living process has, as they last stood. Returns the last event that tells of one. */
export async function closeLostCalls(
  em: EntityManager,
  tenantId: TenantId,
  now: Date,
): Promise<string | null> {
  // The same turn as a process's own writes: either they come before, or they find their lease gone.
  await lockCallEvents(em, tenantId);
  const [calls] = await em.query<[Closed[], number]>(
    // A process that died over the weekend ended its calls then, not when somebody looked.
    `UPDATE calls SET close_reason = 'process-lost', closed_at = greatest(opened_at, least($2, coalesce(
       (SELECT expires_at FROM process_leases WHERE process_leases.process_id = calls.process_id),
       (SELECT max(at) FROM call_events WHERE call_events.call_id = calls.call_id))))
     WHERE tenant_id = $1 AND closed_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM process_leases
       WHERE process_leases.process_id = calls.process_id AND expires_at > clock_timestamp())
     RETURNING call_id, claimed_customer_id, result`,
    [tenantId, now],
  );
  const lastEventId = await tellClosed(em, { tenantId, now, reason: 'process-lost' }, calls);
  await recordDecisions(em, { tenantId, now }, calls);
  return lastEventId;
}

/**
 * The call goes on under another id here, and the process that had it has said nothing. False: another one has taken it up by now.
 * One that was closed as lost is resumed, too.
 */
export async function takeOverCall(
  em: EntityManager,
  { tenantId, callId, now }: { readonly tenantId: TenantId; readonly callId: CallId; readonly now: Date },
): Promise<boolean> {
  await lockCallEvents(em, tenantId);
  const [calls] = await em.query<[(Closed & { readonly was_live: boolean })[], number]>(
    `UPDATE calls SET close_reason = 'taken-over', closed_at = coalesce(closed_at, greatest(opened_at, $2))
     FROM (SELECT call_id AS id, closed_at IS NULL AS was_live FROM calls
           WHERE call_id = $1 AND (closed_at IS NULL OR close_reason = 'process-lost')) AS former
     WHERE call_id = former.id RETURNING call_id, claimed_customer_id, result, was_live`,
    [callId, now],
  );
  await tellClosed(em, { tenantId, now, reason: 'taken-over' }, calls);
  await recordDecisions(
    em,
    { tenantId, now },
    calls.filter(({ was_live }) => was_live),
  );
  return calls.length === 1;
}

export interface BackAgain {
  readonly tenantId: TenantId;
  /** What the process still has. */
  readonly callIds: readonly CallId[];
  readonly former: ProcessId;
  readonly current: ProcessId;
  readonly now: Date;
}

/** A process is back that was taken for lost: its calls are its own again, but for those that go on elsewhere, which are returned. */
export async function takeBackCalls(
  em: EntityManager,
  { tenantId, callIds, former, current, now }: BackAgain,
): Promise<CallId[]> {
  await lockCallEvents(em, tenantId);
  const [calls] = await em.query<[{ readonly call_id: CallId; readonly was_lost: boolean }[], number]>(
    `UPDATE calls SET process_id = $3, closed_at = NULL, close_reason = NULL
     FROM (SELECT call_id AS id, closed_at IS NOT NULL AS was_lost FROM calls
           WHERE call_id = ANY($1) AND process_id = $2 AND (closed_at IS NULL OR close_reason = 'process-lost')) AS own
     WHERE call_id = own.id RETURNING call_id, was_lost`,
    [callIds, former, current],
  );
  const reopened = calls.filter(({ was_lost }) => was_lost).map(({ call_id: callId }) => callId);
  const told = reopened.map((callId) => ({ tenantId, callId, kind: 'resumed' as const, at: now }));
  if (told.length > 0)
    await em.insert(
      CallEvent,
      told.map((event) => ({ ...event, payload: { lostMs: 0 } })),
    );
  const gone = await em.query<{ call_id: CallId }[]>(
    'SELECT call_id FROM calls WHERE call_id = ANY($1) AND closed_at IS NOT NULL',
    [callIds],
  );
  return gone.map(({ call_id }) => call_id);
}

/** What the calls came to, which their own process can no longer say. */
async function recordDecisions(
  em: EntityManager,
  { tenantId, now }: { readonly tenantId: TenantId; readonly now: Date },
  calls: readonly Closed[],
): Promise<void> {
  const decided = calls.flatMap(({ claimed_customer_id: customerId, result }) =>
    customerId === null ? [] : verificationDecided(result, customerId),
  );
  if (decided.length > 0) await recordFact(em, tenantId, now, ...decided);
}

async function tellClosed(
  em: EntityManager,
  { tenantId, now: at, reason }: { tenantId: TenantId; now: Date; reason: CallEndReason },
  calls: readonly Closed[],
): Promise<string | null> {
  if (calls.length === 0) return null;
  const { generatedMaps } = await em.insert(
    CallEvent,
    calls.map(({ call_id: callId, result }) => ({
      tenantId,
      callId,
      kind: 'closed' as const,
      at,
      payload: { reason, result },
    })),
  );
  return generatedMaps.map((made) => String(made['eventId'])).at(-1) ?? null;
}
