import pg from 'pg';
import type { TenantId } from '../../core/ids.js';
import { lockForTransaction } from '../database/transaction-lock.js';
import type { Logger } from '../logging/logger.js';
import type { KeyShares, Shares } from './key-shares.port.js';

const setupLock = 7_264_853_202;

/** Another store than the one that holds the halves of the database's keys. */
export class WrongKeyStore extends Error {
  constructor(expected: string, found: string | null) {
    super(
      `The key store is not the one that holds this database's keys: the database names ${expected}, TIMBRE_KEY_DATABASE_URL leads to ` +
        `${found ?? 'one without an id'}. Nothing was started. Point it at the right store; if that one is lost for good, see ` +
        '"The wrong key store" in docs/keys-and-erasure.md.',
    );
  }
}

/** In a schema of its own, so that a backup of a database that holds both can leave it out. */
export class PostgresKeyShares implements KeyShares {
  private readonly pool: pg.Pool;

  constructor(url: string, logger: Logger, connections = 4) {
    this.pool = new pg.Pool({
      connectionString: url,
      application_name: 'timbre keys',
      max: connections,
      connectionTimeoutMillis: 10_000,
    });
    this.pool.on('error', (error) => {
      logger.warn({ err: error }, 'idle key store connection lost');
    });
  }

  /**
   * Answers the id that the store got when it was made. Rejects when it cannot be reached, and with WrongKeyStore when it is
   * another than `expected`; nothing is changed in that one.
   */
  async start(expected: string | null = null): Promise<string> {
    const client = await this.pool.connect();
    try {
      await lockForTransaction(client, setupLock, 'set-up of the key store');
      const found = await storeIdOf(client);
      if (expected !== null && found !== expected) throw new WrongKeyStore(expected, found);
      await client.query(`
        CREATE SCHEMA IF NOT EXISTS timbre_keys;
        CREATE TABLE IF NOT EXISTS timbre_keys.key_shares (
          tenant_id uuid NOT NULL,
          share_id uuid NOT NULL,
          share bytea NOT NULL CHECK (length(share) = 32),
          made_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, share_id)
        );
        CREATE TABLE IF NOT EXISTS timbre_keys.store (
          is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
          store_id uuid NOT NULL DEFAULT gen_random_uuid()
        );
        INSERT INTO timbre_keys.store DEFAULT VALUES ON CONFLICT DO NOTHING;
      `);
      const storeId = (await storeIdOf(client)) ?? '';
      await client.query('COMMIT');
      return storeId;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async put(tenantId: TenantId, shares: Shares): Promise<void> {
    await this.pool.query(
      `INSERT INTO timbre_keys.key_shares (tenant_id, share_id, share)
       SELECT $1, * FROM unnest($2::uuid[], $3::bytea[]) ON CONFLICT DO NOTHING`,
      [tenantId, [...shares.keys()], [...shares.values()]],
    );
  }

  async get(tenantId: TenantId, ids: readonly string[]): Promise<Shares> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.pool.query<{ share_id: string; share: Buffer }>(
      'SELECT share_id, share FROM timbre_keys.key_shares WHERE tenant_id = $1 AND share_id = ANY($2)',
      [tenantId, ids],
    );
    return new Map(rows.map(({ share_id, share }) => [share_id, share]));
  }

  async destroy(tenantId: TenantId, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.pool.query('DELETE FROM timbre_keys.key_shares WHERE tenant_id = $1 AND share_id = ANY($2)', [
      tenantId,
      ids,
    ]);
  }

  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** Null of a store that was not made yet, or by a Timbre that gave none. */
async function storeIdOf(client: pg.PoolClient): Promise<string | null> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('timbre_keys.store') IS NOT NULL AS there`,
  );
  if (tables[0]?.there !== true) return null;
  const { rows } = await client.query<{ store_id: string }>('SELECT store_id FROM timbre_keys.store');
  return rows[0]?.store_id ?? null;
}
