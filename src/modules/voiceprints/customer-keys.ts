import { randomUUID } from 'node:crypto';
import { IsNull, type EntityManager } from 'typeorm';
import type { CustomerId, KeyId, TenantId } from '../../core/ids.js';
import { binding, newDataKey, open, seal } from '../../platform/crypto/envelope.js';
import { CustomerKey } from './customer-key.entity.js';

/** A customer's data key in clear: wipe it as soon as it has been used. */
export interface OpenKey {
  readonly keyId: KeyId;
  readonly key: Buffer;
}

export interface Owner {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
}

export async function liveKey(
  em: EntityManager,
  owner: Owner,
  tenantKey: Buffer,
): Promise<OpenKey | undefined> {
  const row = await em.findOneBy(CustomerKey, { customerId: owner.customerId, destroyedAt: IsNull() });
  if (row?.wrappedKey == null) return undefined;
  return { keyId: row.keyId, key: open(tenantKey, row.wrappedKey, keyBinding(owner, row.keyId)) };
}

/** A destroyed key is never used again: who comes back after a withdrawal gets a new one. */
export async function newKey(
  em: EntityManager,
  owner: Owner,
  tenantKey: Buffer,
  nowMs: number,
): Promise<OpenKey> {
  const keyId = randomUUID() as string as KeyId;
  const key = newDataKey();
  await em.insert(CustomerKey, {
    ...owner,
    keyId,
    wrappedKey: seal(tenantKey, key, keyBinding(owner, keyId)),
    createdAt: new Date(nowMs),
    destroyedAt: null,
    destroyedReason: null,
  });
  return { keyId, key };
}

export function rowBinding(
  table: 'voiceprints' | 'enrolment_stretches',
  owner: Owner,
  rowId: string,
): string {
  return binding(table, owner.tenantId, owner.customerId, rowId);
}

function keyBinding(owner: Owner, keyId: KeyId): string {
  return binding('customer_keys', owner.tenantId, owner.customerId, keyId);
}
