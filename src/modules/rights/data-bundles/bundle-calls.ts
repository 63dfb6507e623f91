import type { EntityManager } from 'typeorm';
import type { CallResult } from '../../../core/calls/result.js';
import { verificationInWords } from '../../../core/calls/agent-view.js';
import type { CallId, CustomerId } from '../../../core/ids.js';
import type { BundleCall } from './data-bundle.js';

interface Row {
  readonly call_id: CallId;
  readonly direction: BundleCall['direction'];
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly result: CallResult | null;
}

/**
 * Calls that were made as this customer, oldest first. A call may have been claimed for several people one after the other:
 * each gets the last result of their own claim.
 */
export async function bundleCalls(em: EntityManager, customerId: CustomerId): Promise<BundleCall[]> {
  const rows: Row[] = await em.query(
    `SELECT c.call_id, c.direction, c.opened_at, c.closed_at,
       CASE WHEN c.result ->> 'claimedCustomerId' = $1::text THEN c.result ELSE
         (SELECT e.payload FROM call_events e WHERE e.call_id = c.call_id AND e.kind = 'result'
            AND e.payload ->> 'claimedCustomerId' = $1::text ORDER BY e.event_id DESC LIMIT 1) END AS result
     FROM calls c
     WHERE c.claimed_customer_id = $1::uuid OR c.call_id IN
       (SELECT call_id FROM call_events WHERE kind = 'claimed' AND payload ->> 'customerId' = $1::text)
     ORDER BY c.opened_at, c.call_id`,
    [customerId],
  );
  return rows.map(({ call_id: callId, direction, opened_at, closed_at, result }) => ({
    callId,
    direction,
    openedAt: opened_at.toISOString(),
    closedAt: closed_at?.toISOString() ?? null,
    decision: result && decisionOf(result),
  }));
}

function decisionOf({ verification }: CallResult): BundleCall['decision'] {
  const { state, reason, netSpeechMs, llr, thresholds } = verification;
  return {
    state,
    reason,
    inWords: verificationInWords(reason),
    netSpeechMs,
    llr,
    acceptLlr: thresholds?.acceptLlr ?? null,
    rejectLlr: thresholds?.rejectLlr ?? null,
    policyVersion: thresholds?.policyVersion ?? null,
  };
}
