import type { DataSource } from 'typeorm';
import { WrongKeyStore, type PostgresKeyShares } from './postgres-key-shares.js';

/**
 * Starts the key store that the database names, or names the one that is there when it names none yet. Throws WrongKeyStore
 * before anything is asked of another one: there every half would seem to be destroyed, and be noted so.
 */
export async function startKeyStore(source: DataSource, shares: PostgresKeyShares): Promise<void> {
  const storeId = await shares.start(await recordedStore(source));
  await source.query('INSERT INTO key_store (store_id) VALUES ($1) ON CONFLICT DO NOTHING', [storeId]);
  // Two processes that start at once, each with a store of its own: one of them is wrong.
  const recorded = await recordedStore(source);
  if (recorded !== storeId) throw new WrongKeyStore(recorded ?? '', storeId);
}

/** From now on the database goes with this store. `insteadOf`: the one that it names, so that nobody gives one up by mistake. */
export async function acceptKeyStore(
  source: DataSource,
  shares: PostgresKeyShares,
  insteadOf: string,
): Promise<string> {
  const recorded = await recordedStore(source);
  if (recorded !== insteadOf) throw new Error(`The database names the key store ${recorded ?? 'none'}`);
  const storeId = await shares.start();
  await source.query('UPDATE key_store SET store_id = $1, recorded_at = now()', [storeId]);
  return storeId;
}

async function recordedStore(source: DataSource): Promise<string | null> {
  const rows: { store_id: string }[] = await source.query('SELECT store_id FROM key_store');
  return rows[0]?.store_id ?? null;
}
