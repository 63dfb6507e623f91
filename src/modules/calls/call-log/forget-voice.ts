import type { EntityManager } from 'typeorm';
import type { CallResult } from '../../../core/calls/result.js';
import { withoutVoice } from '../../../core/calls/without-voice.js';
import type { CallId, TenantId } from '../../../core/ids.js';
import { CallEvent } from './call-event.entity.js';

/** Results that came from then on stay; left out: all go. */
interface Before {
  readonly eventId?: string;
  readonly at?: Date;
}

interface Told {
  readonly call_id: CallId;
  readonly kind: 'result' | 'closed';
  readonly payload: object;
  readonly at: Date;
}

/**
 * Destroys what the event log and the calls' rows hold of the voice in these calls. That a call is over is told anew without it.
 * The caller holds the event log's lock. Says whether there is anything to read.
 */
export async function forgetResults(
  em: EntityManager,
  tenantId: TenantId,
  callIds: readonly CallId[],
  before: Before = {},
): Promise<boolean> {
  const calls = await em.query<{ call_id: CallId; result: CallResult }[]>(
    'SELECT call_id, result FROM calls WHERE call_id = ANY($1) ORDER BY call_id FOR NO KEY UPDATE',
    [callIds],
  );
  for (const { call_id, result } of calls) {
    const isLater = before.at !== undefined && new Date(result.at) > before.at;
    if (result.verification.netSpeechMs > 0 && !isLater)
      await em.query('UPDATE calls SET result = $2 WHERE call_id = $1', [call_id, withoutVoice(result)]);
  }
  const [gone] = await em.query<[Told[], number]>(
    `DELETE FROM call_events WHERE call_id = ANY($1) AND kind IN ('result', 'closed')
       AND ($2::bigint IS NULL OR event_id < $2) AND ($3::timestamptz IS NULL OR at <= $3)
       AND (coalesce(payload -> 'result', payload) #>> '{verification,netSpeechMs}')::float8 > 0
     RETURNING call_id, kind, payload, at`,
    [callIds, before.eventId ?? null, before.at ?? null],
  );
  const ends = gone.filter(({ kind }) => kind === 'closed');
  if (ends.length > 0)
    await em.insert(
      CallEvent,
      ends.map(({ call_id: callId, kind, payload, at }) => ({
        tenantId,
        callId,
        kind,
        payload: withoutVoiceIn(payload),
        at,
      })),
    );
  return ends.length > 0;
}

/** The payload of a `result` or a `closed` event, without what it says of the voice. */
export function withoutVoiceIn(payload: object): object {
  return 'result' in payload
    ? { ...payload, result: withoutVoice(payload.result as CallResult) }
    : withoutVoice(payload as CallResult);
}
