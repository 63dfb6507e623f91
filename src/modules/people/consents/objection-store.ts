import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import type { ConsentEntry } from '../../../core/privacy/consent.js';
import { purposesOf } from '../../../core/privacy/requests/objections.js';
import type { ObjectionScope } from '../../../core/privacy/requests/request.js';
import { Objection } from './objection.entity.js';

export interface MadeObjection {
  readonly objection: Objection & { readonly kind: 'objection' | 'limit' };
  /** Null: it was not taken back. */
  readonly takenBackAt: Date | null;
}

/** All that were ever made, oldest first, and what became of them. */
export async function readMadeObjections(
  em: EntityManager,
  customerId: CustomerId,
): Promise<MadeObjection[]> {
  const rows = await em.find(Objection, { where: { customerId }, order: { at: 'ASC' } });
  const takenBackAt = new Map(rows.map(({ takesBack, at }) => [takesBack, at]));
  return rows.filter(isMade).map((objection) => ({
    objection,
    takenBackAt: takenBackAt.get(objection.objectionId) ?? null,
  }));
}

/** Those not taken back, oldest first. */
export async function readObjections(em: EntityManager, customerId: CustomerId): Promise<Objection[]> {
  const made = await readMadeObjections(em, customerId);
  return made.filter(({ takenBackAt }) => takenBackAt === null).map(({ objection }) => objection);
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

function isMade(row: Objection): row is MadeObjection['objection'] {
  return row.kind !== 'taken-back';
}
