import { IsNull, type EntityManager } from 'typeorm';
import type { CustomerId } from '../../core/ids.js';
import type { ConsentEntry } from '../../core/privacy/consent.js';
import { purposesOf } from '../../core/privacy/requests/objections.js';
import type { ObjectionScope } from '../../core/privacy/requests/request.js';
import { Objection } from './objection.entity.js';

/** Those not taken back, oldest first. */
export function readObjections(em: EntityManager, customerId: CustomerId): Promise<Objection[]> {
  return em.find(Objection, { where: { customerId, endedAt: IsNull() }, order: { at: 'ASC' } });
}

export async function objectsTo(
  em: EntityManager,
  customerId: CustomerId,
  scope: ObjectionScope,
): Promise<boolean> {
  const objections = await readObjections(em, customerId);
  return objections.some(({ scopes }) => scopes.includes(scope));
}

/** As the gate reads it, among consents and withdrawals. */
export function toLedgerEntry({ scopes, at }: Objection): Extract<ConsentEntry, { kind: 'objected' }> {
  return { kind: 'objected', purposes: scopes.flatMap((scope) => purposesOf[scope]), atMs: at.getTime() };
}
