import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { TokenId } from '../../../core/ids.js';
import { purposesOf } from '../../../core/privacy/requests/objections.js';
import { Objection } from '../../people/consents/objection.entity.js';
import { endPurposesOf } from '../../people/withdrawals/withdrawals.service.js';
import { answered, recordStep } from './request-store.js';
import type { RightsRequest } from './request.entity.js';

export function isObjection({ kind }: RightsRequest): boolean {
  return kind === 'objection' || kind === 'limit';
}

/** In the transaction that takes the request in: the gate reads it, so that nothing is processed from its commit on. */
export async function recordObjection(em: EntityManager, row: RightsRequest): Promise<void> {
  const { tenantId, customerId, requestId, kind, scopes, receivedAt } = row;
  if (kind !== 'objection' && kind !== 'limit') return;
  await em.insert(Objection, {
    objectionId: randomUUID(),
    tenantId,
    customerId,
    requestId,
    kind,
    scopes,
    at: receivedAt,
    takesBack: null,
  });
}

/**
 * What an objection changes beside the gate: it ends the consents too, and with them what is kept of the voice; a limit keeps it,
 * unused. And the answer, that it is done. Others hear of it by its fact. The caller holds the customer's lock.
 */
export async function carryOutObjection(
  em: EntityManager,
  by: TokenId | null,
  row: RightsRequest,
  explanation: string | null,
  nowMs: number,
): Promise<RightsRequest> {
  const { kind, customerId, scopes, receivedAt } = row;
  const purposes = scopes.flatMap((scope) => purposesOf[scope]);
  if (kind === 'objection')
    await endPurposesOf(em, by, customerId, purposes, { at: new Date(nowMs), saidAt: receivedAt });
  const columns = { ...answered(by, nowMs), explanation };
  return recordStep(em, row, { step: { kind: 'fulfil' }, by, action: 'request-fulfilled', columns }, nowMs);
}
