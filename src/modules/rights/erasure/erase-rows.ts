import type { EntityManager } from 'typeorm';
import type { CustomerId, KeyId } from '../../../core/ids.js';
import type { KeyShares } from '../../../platform/crypto/key-shares.port.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';
import type { Owner } from '../../people/voiceprints/customer-keys.js';
import type { DestroyedKey, ErasedRows } from './erasure.entity.js';

/**
 * Ends the customer's keys, and with them every ciphertext wherever a copy of one lies. Returns all keys that there ever were.
 * The caller holds the customer's row.
 */
export async function destroyKeys(
  em: EntityManager,
  { tenantId, customerId }: Owner,
  shares: KeyShares,
  at: Date,
): Promise<DestroyedKey[]> {
  const known: { key_id: KeyId }[] = await em.query(
    'SELECT key_id FROM customer_keys WHERE customer_id = $1',
    [customerId],
  );
  // First the halves that no backup of this database holds: whatever happens next, nothing opens any more.
  await shares.destroy(
    tenantId,
    known.map(({ key_id }) => key_id),
  );
  // The sweep of the key's sealed rows (calls on transfer) hangs on this update.
  await em.query(
    `UPDATE customer_keys SET wrapped_key = NULL, destroyed_at = $2, destroyed_reason = 'erasure'
     WHERE customer_id = $1 AND destroyed_at IS NULL`,
    [customerId, at],
  );
  const rows: { key_id: KeyId; destroyed_at: Date }[] = await em.query(
    'SELECT key_id, destroyed_at FROM customer_keys WHERE customer_id = $1 ORDER BY destroyed_at, key_id',
    [customerId],
  );
  return rows.map(({ key_id: keyId, destroyed_at }) => ({ keyId, destroyedAt: destroyed_at.toISOString() }));
}

/** Every row that is the customer's own, then the customer: in the order of the tables, so that nothing refers to a row that goes. */
export async function eraseRows(
  em: EntityManager,
  tables: readonly StoredTable[],
  customerId: CustomerId,
): Promise<ErasedRows> {
  const counts: Record<string, number> = {};
  for (const { table, erasure } of tables)
    if (erasure !== undefined && erasure.act !== 'kept') counts[table] = await erasure.erase(em, customerId);
  return counts;
}
