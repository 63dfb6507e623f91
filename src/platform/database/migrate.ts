import pg from 'pg';
import type { DataSource } from 'typeorm';
import { lockForTransaction } from './transaction-lock.js';

const lowestVersion = 15; // UNIQUE … NULLS NOT DISTINCT
/** Any number, the same in every Timbre: whoever holds it migrates, the others wait and find nothing left to do. */
const migrationLock = 7_264_853_201;

/** Refuses a server or role on which tenants would not be kept apart, then brings the schema up to date. */
export async function migrate(url: string, source: DataSource): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'timbre migration' });
  await client.connect();
  try {
    await refuseUnsafe(client);
    await lockForTransaction(client, migrationLock, 'migration');
    await source.runMigrations({ transaction: 'each' });
    await client.query('COMMIT');
  } finally {
    await client.end(); // an open transaction, and its lock, go with the session
  }
}

async function refuseUnsafe(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number; role: string; unbound: boolean }>(`
    SELECT current_setting('server_version_num')::int / 10000 AS version, rolname AS role, rolsuper OR rolbypassrls AS unbound
    FROM pg_roles WHERE rolname = current_user
  `);
  const [server] = rows;
  if (server === undefined) throw new Error('DATABASE_URL: PostgreSQL does not know the role it connected');
  if (server.version < lowestVersion) {
    throw new Error(
      `DATABASE_URL: PostgreSQL ${server.version} is too old, ${lowestVersion} or later is needed`,
    );
  }
  if (server.unbound) {
    throw new Error(
      `DATABASE_URL: role "${server.role}" is a superuser or has BYPASSRLS, so tenants would not be kept apart. ` +
        'Use an ordinary login role that owns the database: CREATE ROLE timbre LOGIN PASSWORD …; CREATE DATABASE timbre OWNER timbre',
    );
  }
}
