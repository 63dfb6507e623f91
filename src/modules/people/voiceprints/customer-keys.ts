import { randomUUID } from 'node:crypto';
import { IsNull, type EntityManager } from 'typeorm';
import type { CustomerId, KeyId, TenantId } from '../../../core/ids.js';
import type { TemplateTransform } from '../../../core/speaker/template-transform.js';
import { binding, newDataKey, wipe } from '../../../platform/crypto/envelope.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import { CustomerKey } from './customer-key.entity.js';

/** A customer's data key in clear: `forgetKey` as soon as it has been used. */
export interface OpenKey {
  readonly keyId: KeyId;
  readonly key: Buffer;
  /** Of every template that the key seals. */
  readonly transformOf: (size: number) => TemplateTransform;
}

export interface Owner {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
}

export async function liveKey(em: EntityManager, owner: Owner, ring: KeyRing): Promise<OpenKey | undefined> {
  const row = await em.findOneBy(CustomerKey, { customerId: owner.customerId, destroyedAt: IsNull() });
  if (row?.wrappedKey == null) return undefined;
  const { keyId, wrappedKey, tenantKeyVersion, shared } = row;
  const wrapped = { wrappedKey, tenantKeyVersion, shared };
  return openKey(ring, keyId, await ring.unwrap(em, keyId, wrapped, keyBinding(owner, keyId)));
}

/** A destroyed key is never used again: who comes back after a withdrawal gets a new one. */
export async function newKey(
  em: EntityManager,
  owner: Owner,
  ring: KeyRing,
  nowMs: number,
): Promise<OpenKey> {
  const keyId = randomUUID() as string as KeyId;
  const key = newDataKey();
  await em.insert(CustomerKey, {
    ...owner,
    keyId,
    ...(await ring.wrap(em, keyId, key, keyBinding(owner, keyId))),
    createdAt: new Date(nowMs),
    destroyedAt: null,
    destroyedReason: null,
    shareDestroyedAt: null,
  });
  return openKey(ring, keyId, key);
}

/** Wraps the key anew: under the tenant's key of now, with a half in the key store. */
export async function rewrapKey(
  em: EntityManager,
  owner: Owner,
  ring: KeyRing,
  { keyId, key }: OpenKey,
): Promise<void> {
  const wrapped = await ring.wrap(em, keyId, key, keyBinding(owner, keyId));
  await em.update(CustomerKey, { keyId, destroyedAt: IsNull() }, wrapped);
}

export function forgetKey({ key }: OpenKey): void {
  wipe(key);
}

export function rowBinding(
  table: 'voiceprints' | 'enrolment_stretches' | 'held_enrolments',
  owner: Owner,
  rowId: string,
): string {
  return binding(table, owner.tenantId, owner.customerId, rowId);
}

function openKey(ring: KeyRing, keyId: KeyId, key: Buffer): OpenKey {
  return { keyId, key, transformOf: (size) => ring.transform(`customer ${keyId}`, size) };
}

function keyBinding(owner: Owner, keyId: KeyId): string {
  return binding('customer_keys', owner.tenantId, owner.customerId, keyId);
}
