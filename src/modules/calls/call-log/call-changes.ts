import type { EntityManager } from 'typeorm';
import type { CallCloseReason } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId } from '../../../core/ids.js';
import type { CallWrite } from './call-write.js';

/** What of a row a batch sets; a column that is not named stays as it is. */
interface Columns {
  readonly result?: CallResult;
  readonly claimed_customer_id?: CustomerId;
  readonly continues_call_id?: CallId;
  readonly stream_key?: string;
  readonly close_reason?: CallCloseReason;
  readonly closed_at?: Date;
}

/** Of many results of one call in a batch only the last one becomes its current row. One statement for all calls. */
export async function changeCalls(em: EntityManager, writes: readonly CallWrite[]): Promise<void> {
  const rows = latestPerCall(writes);
  if (rows.length === 0) return;
  await em.query(
    `UPDATE calls SET
       result = coalesce(new.result, calls.result),
       claimed_customer_id = coalesce(new.claimed_customer_id, calls.claimed_customer_id),
       continues_call_id = coalesce(new.continues_call_id, calls.continues_call_id),
       stream_key = coalesce(new.stream_key, calls.stream_key),
       close_reason = coalesce(new.close_reason, calls.close_reason),
       closed_at = coalesce(new.closed_at, calls.closed_at)
     FROM jsonb_to_recordset($1::jsonb) AS new (call_id uuid, result jsonb, claimed_customer_id uuid,
       continues_call_id uuid, stream_key text, close_reason text, closed_at timestamptz)
     WHERE calls.call_id = new.call_id`,
    [JSON.stringify(rows)],
  );
}

function latestPerCall(writes: readonly CallWrite[]): (Columns & { readonly call_id: CallId })[] {
  const changed = new Map<CallId, Columns>();
  for (const { callId, at, result, claimedCustomerId, continuesCallId, streamKey, closeReason } of writes) {
    const columns: Columns = {
      ...(result && { result }),
      ...(claimedCustomerId && { claimed_customer_id: claimedCustomerId }),
      ...(continuesCallId && { continues_call_id: continuesCallId }),
      ...(streamKey !== undefined && { stream_key: streamKey }),
      ...(closeReason && { close_reason: closeReason, closed_at: at }),
    };
    if (Object.keys(columns).length > 0) changed.set(callId, { ...changed.get(callId), ...columns });
  }
  return [...changed].map(([callId, columns]) => ({ call_id: callId, ...columns }));
}
