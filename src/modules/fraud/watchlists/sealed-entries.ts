import type { EntityManager } from 'typeorm';
import type { SealedRows } from '../../installation/keys/sealed-rows.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import { openEntries, sealEntry } from './entry-store.js';
import { WatchlistEntry } from './watchlist-entry.entity.js';

export const sealedEntries: SealedRows = {
  name: 'watchlistEntries',
  renew: renewEntries,
  async countOutdated(em, { tenantId, keyVersion }) {
    const [row] = await em.query<{ count: number }[]>(
      `SELECT count(*)::int FROM watchlist_entries WHERE tenant_id = $1 AND ended_at IS NULL
         AND (tenant_key_version <> $2 OR NOT shared OR NOT protected)`,
      [tenantId, keyVersion],
    );
    return row?.count ?? 0;
  },
  halves: { table: 'watchlist_entries', id: 'entry_id', ended: 'ended_at' },
};

/** Brings up to `limit` entries in force to the tenant's key of now. Those that are being dealt with are left for the next time. */
async function renewEntries(em: EntityManager, ring: KeyRing, limit: number): Promise<number> {
  const version = await ring.sealing(em);
  const rows = await em
    .createQueryBuilder(WatchlistEntry, 'entry')
    .where(
      `entry.entry_id IN (
         SELECT entry_id FROM watchlist_entries
           WHERE tenant_id = timbre_tenant() AND ended_at IS NULL AND tenant_key_version < :version
         UNION SELECT entry_id FROM watchlist_entries
           WHERE tenant_id = timbre_tenant() AND ended_at IS NULL AND NOT (shared AND protected))`,
      { version },
    )
    .limit(limit)
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .getMany();
  const voices = await openEntries(em, rows, ring);
  for (const [index, row] of rows.entries()) {
    const voice = voices[index];
    if (voice === undefined) throw new Error('a listed voice was lost');
    await em.update(WatchlistEntry, { entryId: row.entryId }, await sealEntry(em, row, voice, ring));
    voice.fill(0);
  }
  return rows.length;
}
