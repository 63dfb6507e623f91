import type { EntityManager } from 'typeorm';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { AccountEvent } from '../../fraud/accounts/account-event.entity.js';
import { readMadeObjections } from '../../people/consents/objection-store.js';
import { Flag } from '../../fraud/flags/flag.entity.js';
import { RightsRequest } from '../requests/request.entity.js';
import type {
  BundleAccountEvent,
  BundleFlag,
  BundleObjection,
  BundleRequest,
  BundleUse,
} from './data-bundle.js';

export async function bundleFlags(em: EntityManager, customerId: CustomerId): Promise<BundleFlag[]> {
  const rows = await em.find(Flag, { where: { customerId }, order: { createdAt: 'ASC' } });
  return rows.map(({ callId, severity, state, reasons, createdAt, updatedAt }) => ({
    callId,
    severity,
    state,
    // The words alone: what a reason rests on may be about others (which listed voice, which reviewer).
    reasons: reasons.map(({ code, text }) => ({ code, text })),
    raisedAt: createdAt.toISOString(),
    changedAt: updatedAt.toISOString(),
  }));
}

export async function bundleAccountEvents(
  em: EntityManager,
  customerId: CustomerId,
): Promise<BundleAccountEvent[]> {
  const rows = await em.find(AccountEvent, { where: { customerId }, order: { at: 'ASC' } });
  return rows.map(({ callId, kind, reference, at }) => ({ callId, kind, reference, at: at.toISOString() }));
}

export async function bundleObjections(
  em: EntityManager,
  customerId: CustomerId,
): Promise<BundleObjection[]> {
  const made = await readMadeObjections(em, customerId);
  return made.map(({ objection: { kind, scopes, at }, takenBackAt }) => ({
    kind,
    scopes,
    since: at.toISOString(),
    endedAt: takenBackAt?.toISOString() ?? null,
  }));
}

export async function bundleRequests(em: EntityManager, customerId: CustomerId): Promise<BundleRequest[]> {
  const rows = await em.find(RightsRequest, { where: { customerId }, order: { receivedAt: 'ASC' } });
  return rows.map(({ kind, scopes, state, receivedAt, dueAt, answeredAt, explanation }) => ({
    kind,
    scopes,
    state,
    receivedAt: receivedAt.toISOString(),
    dueAt: dueAt.toISOString(),
    answeredAt: answeredAt?.toISOString() ?? null,
    explanation,
  }));
}

/** Entries about the customer, and about the customer's requests. By whom stays with the business. */
export async function bundleUses(
  em: EntityManager,
  tenantId: TenantId,
  customerId: CustomerId,
): Promise<BundleUse[]> {
  const requests = await em.find(RightsRequest, { select: { requestId: true }, where: { customerId } });
  const ids = [customerId, ...requests.map(({ requestId }) => requestId)];
  const rows: { at: Date; action: string; call_id: string | null }[] = await em.query(
    `SELECT at, action, call_id FROM audit_entries
     WHERE tenant_id = $1 AND subject_kind IN ('customer', 'request') AND subject_id = ANY($2) ORDER BY seq`,
    [tenantId, ids],
  );
  return rows.map(({ at, action, call_id: callId }) => ({ at: at.toISOString(), action, callId }));
}
