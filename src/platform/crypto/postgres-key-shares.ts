import pg from 'pg';
import type { TenantId } from '../../core/ids.js';
import type { Logger } from '../logging/logger.js';
import type { KeyShares, Shares } from './key-shares.port.js';

const setupLock = 7_264_853_202;

/** In a schema of its own, so that a backup of a database that holds both can leave it out. */
export class PostgresKeyShares implements KeyShares {
  readonly #pool: pg.Pool;

  constructor(url: string, logger: Logger, connections = 4) {
    this.#pool = new pg.Pool({
      connectionString: url,
      application_name: 'timbre keys',
      max: connections,
      connectionTimeoutMillis: 10_000,
    });
    this.#pool.on('error', (error) => {
      logger.warn({ err: error }, 'idle key store connection lost');
    });
  }

  /** Rejects when the key store cannot be reached. */
  async start(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await client.query('SELECT pg_advisory_lock($1)', [setupLock]);
      await client.query(`
        CREATE SCHEMA IF NOT EXISTS timbre_keys;
        CREATE TABLE IF NOT EXISTS timbre_keys.key_shares (
          tenant_id uuid NOT NULL,
          share_id uuid NOT NULL,
          share bytea NOT NULL CHECK (length(share) = 32),
          made_at timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (tenant_id, share_id)
        );
      `);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [setupLock]).catch(() => undefined);
      client.release();
    }
  }

  async put(tenantId: TenantId, shares: Shares): Promise<void> {
    await this.#pool.query(
      `INSERT INTO timbre_keys.key_shares (tenant_id, share_id, share)
       SELECT $1, * FROM unnest($2::uuid[], $3::bytea[]) ON CONFLICT DO NOTHING`,
      [tenantId, [...shares.keys()], [...shares.values()]],
    );
  }

  async get(tenantId: TenantId, ids: readonly string[]): Promise<Shares> {
    if (ids.length === 0) return new Map();
    const { rows } = await this.#pool.query<{ share_id: string; share: Buffer }>(
      'SELECT share_id, share FROM timbre_keys.key_shares WHERE tenant_id = $1 AND share_id = ANY($2)',
      [tenantId, ids],
    );
    return new Map(rows.map(({ share_id, share }) => [share_id, share]));
  }

  async destroy(tenantId: TenantId, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#pool.query('DELETE FROM timbre_keys.key_shares WHERE tenant_id = $1 AND share_id = ANY($2)', [
      tenantId,
      ids,
    ]);
  }

  async ping(): Promise<void> {
    await this.#pool.query('SELECT 1');
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
