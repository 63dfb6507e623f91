import type { EntityManager } from 'typeorm';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import { chainOf } from './calls-under-way.js';

/** Whom agents named last for the call, or for one that it resumed, by the facts between these two; undefined: nobody who is still a customer. */
export async function lastClaim(
  em: EntityManager,
  tenantId: TenantId,
  callId: CallId,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<CustomerId | undefined> {
  const [claim] = await em.query<{ customer_id: CustomerId }[]>(
    `SELECT customer_id FROM audit_entries JOIN customers ON customer_id::text = subject_id
     WHERE audit_entries.tenant_id = $1 AND call_id = ANY($2) AND action = 'call-claimed' AND seq > $3 AND seq <= $4
     ORDER BY seq DESC LIMIT 1`,
    [tenantId, await chainOf(em, callId), after, upTo],
  );
  return claim?.customer_id;
}
