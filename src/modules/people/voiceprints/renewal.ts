import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import { open, seal, wipe } from '../../../platform/crypto/envelope.js';
import type { SealedRows } from '../../installation/keys/sealed-rows.js';
import { ShareMissing, type KeyRing } from '../../installation/tenants/key-ring.js';
import { forgetKey, liveKey, rewrapKey, rowBinding, type OpenKey, type Owner } from './customer-keys.js';
import { EnrolmentStretchRow } from './enrolment-stretch.entity.js';
import { packProtected } from './protected-vectors.js';
import { protectStretch, wipeStretches } from './pending-stretches.js';
import { packStretch, unpackStretch, unpackVector } from './sealed-forms.js';
import { Voiceprint } from './voiceprint.entity.js';

const outdated = `
  SELECT customer_id FROM customer_keys
    WHERE tenant_id = timbre_tenant() AND destroyed_at IS NULL AND tenant_key_version < $1
  UNION SELECT customer_id FROM customer_keys WHERE tenant_id = timbre_tenant() AND destroyed_at IS NULL AND NOT shared
  UNION SELECT customer_id FROM voiceprints WHERE tenant_id = timbre_tenant() AND status = 'active' AND NOT protected
  UNION SELECT customer_id FROM enrolment_stretches WHERE tenant_id = timbre_tenant() AND NOT protected`;

/**
 * Brings up to `limit` customers' keys and templates to the tenant's key of now, halves in the key store and secret transforms.
 * A customer who is being dealt with just now is left for the next time. Returns how many were brought up to date.
 */
async function renewCustomers(em: EntityManager, ring: KeyRing, limit: number): Promise<number> {
  const version = await ring.sealing(em);
  const rows: { customer_id: CustomerId }[] = await em.query(
    `SELECT customer_id FROM customers WHERE customer_id IN (${outdated}) LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
    [version, limit],
  );
  let renewed = 0;
  for (const { customer_id: customerId } of rows)
    if (await renew(em, { tenantId: ring.tenantId, customerId }, ring)) renewed += 1;
  return renewed;
}

export const sealedCustomers: SealedRows = {
  name: 'customers',
  renew: renewCustomers,
  async countOutdated(em, { keyVersion }) {
    const [row] = await em.query<{ count: number }[]>(`SELECT count(*)::int FROM (${outdated}) AS o`, [
      keyVersion,
    ]);
    return row?.count ?? 0;
  },
  halves: { table: 'customer_keys', id: 'key_id', ended: 'destroyed_at' },
};

/** False for a key that nothing opens any more: its half is gone, and an erasure or a withdrawal will find the rest. */
async function renew(em: EntityManager, owner: Owner, ring: KeyRing): Promise<boolean> {
  const key = await liveKeyIfWhole(em, owner, ring);
  if (key === undefined) return false;
  try {
    await rewrapKey(em, owner, ring, key);
    await protectVoiceprints(em, owner, key);
    await protectStretches(em, owner, key);
    return true;
  } finally {
    forgetKey(key);
  }
}

async function liveKeyIfWhole(em: EntityManager, owner: Owner, ring: KeyRing): Promise<OpenKey | undefined> {
  try {
    return await liveKey(em, owner, ring);
  } catch (error) {
    if (error instanceof ShareMissing) return undefined;
    throw error;
  }
}

async function protectVoiceprints(
  em: EntityManager,
  owner: Owner,
  { keyId, key, transformOf }: OpenKey,
): Promise<void> {
  const rows = await em.findBy(Voiceprint, { ...owner, keyId, status: 'active', protected: false });
  for (const { voiceprintId, ciphertext } of rows) {
    if (ciphertext === null) continue;
    const aad = rowBinding('voiceprints', owner, voiceprintId);
    const clear = open(key, ciphertext, aad);
    const vector = unpackVector(clear);
    const packed = packProtected(vector, transformOf);
    await em.update(Voiceprint, { voiceprintId }, { ciphertext: seal(key, packed, aad), protected: true });
    wipe(clear);
    wipe(packed);
    vector.fill(0);
  }
}

async function protectStretches(
  em: EntityManager,
  owner: Owner,
  { keyId, key, transformOf }: OpenKey,
): Promise<void> {
  const rows = await em.findBy(EnrolmentStretchRow, { ...owner, keyId, protected: false });
  for (const { stretchId, ciphertext } of rows) {
    const aad = rowBinding('enrolment_stretches', owner, stretchId);
    const clear = open(key, ciphertext, aad);
    const stretch = unpackStretch(clear);
    const turned = protectStretch(stretch, transformOf);
    const packed = packStretch(turned);
    await em.update(
      EnrolmentStretchRow,
      { stretchId },
      { ciphertext: seal(key, packed, aad), protected: true },
    );
    wipe(clear);
    wipe(packed);
    wipeStretches([stretch, turned]);
  }
}
