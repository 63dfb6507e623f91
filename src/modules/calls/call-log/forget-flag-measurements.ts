import { In, Not, IsNull, type EntityManager } from 'typeorm';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import type { Endings } from '../../../core/risk/destroyed-measurements.js';
import { destroyMeasurements } from '../../fraud/flags/flag-growth.js';
import { summaryOf } from '../../fraud/flags/flag-summary.js';
import { Flag } from '../../fraud/flags/flag.entity.js';
import { CallEvent } from './call-event.entity.js';

/**
 * Destroys what flags of these calls say in numbers of a voice whose owner said no to it, and what the event log told of them;
 * how each stands now is told instead. The caller holds the event log's lock. Returns the last event, if there is one.
 */
export async function forgetFlagMeasurements(
  em: EntityManager,
  { tenantId, callIds, now }: { tenantId: TenantId; callIds: readonly CallId[]; now: Date },
  endingsOf: (customerId: CustomerId) => Endings | Promise<Endings>,
): Promise<string | null> {
  if (callIds.length === 0) return null;
  const flags = await em.find(Flag, {
    where: { tenantId, callId: In(callIds), customerId: Not(IsNull()) },
    order: { flagId: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  let lastEventId: string | null = null;
  for (const flag of flags) {
    const { flagId, callId, customerId } = flag;
    if (customerId === null || !(await destroyMeasurements(em, flag, await endingsOf(customerId), now)))
      continue;
    await em.query(
      `DELETE FROM call_events WHERE call_id = $1 AND kind = 'flag' AND payload ->> 'flagId' = $2`,
      [callId, flagId],
    );
    const payload = summaryOf(flag);
    const told = await em.insert(CallEvent, { tenantId, callId, kind: 'flag', payload, at: now });
    lastEventId = String(told.generatedMaps[0]?.['eventId']);
  }
  return lastEventId;
}

/** How flags stand now, by their ids: what a call is about to tell of one may have been destroyed since it was read. */
export async function flagsAsTheyStand(
  em: EntityManager,
  flagIds: readonly string[],
): Promise<Map<string, object>> {
  if (flagIds.length === 0) return new Map();
  const flags = await em.findBy(Flag, { flagId: In(flagIds) });
  return new Map(flags.map((flag) => [flag.flagId, summaryOf(flag)]));
}
