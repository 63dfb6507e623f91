import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import type { KeyShares } from '../../../platform/crypto/key-shares.port.js';
import type { SealedRows } from './sealed-rows.js';

const limit = 500;

/** Noted only once they are gone: a key store that is away is asked again. Returns how many went. */
export async function destroyEndedShares(
  em: EntityManager,
  tenantId: TenantId,
  shares: KeyShares,
  sealed: readonly SealedRows[],
  now: Date,
): Promise<number> {
  let destroyed = 0;
  for (const { halves } of sealed) {
    if (halves === null) continue;
    const { table, id, ended } = halves;
    const rows: { id: string }[] = await em.query(
      `SELECT ${id} AS id FROM ${table}
       WHERE tenant_id = $1 AND shared AND ${ended} IS NOT NULL AND share_destroyed_at IS NULL
       LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
      [tenantId],
    );
    if (rows.length === 0) continue;
    const ids = rows.map((row) => row.id);
    await shares.destroy(tenantId, ids);
    await em.query(`UPDATE ${table} SET share_destroyed_at = $2 WHERE ${id} = ANY($1)`, [ids, now]);
    destroyed += ids.length;
  }
  return destroyed;
}
