import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.service.js';
import { clearLeftovers } from '../../src/platform/database/embedded/cluster.js';
import { startEmbeddedDatabase } from '../../src/platform/database/embedded/embedded-database.js';
import { liveOwner } from '../../src/platform/database/embedded/owner-lock.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { createLogger } from '../../src/platform/logging/logger.js';

export const silentLogger = createLogger('silent');

export interface TestPostgres {
  /** As the service's role. */
  readonly url: string;
  /** As a superuser, past row-level security: to look at what is really stored. */
  readonly adminUrl: string;
  /** The key store's database in the same PostgreSQL. */
  readonly keysUrl: string;
  stop(): Promise<void>;
}

const prefix = 'timbre-test-pg-';

/** A test run that was killed could not stop its PostgreSQL: the next one does. */
async function clearAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const dataDir = join(tmpdir(), name);
    if (!existsSync(join(dataDir, 'owner.json')) || liveOwner(dataDir) !== undefined) continue;
    // Another worker may be clearing the same one.
    await clearLeftovers(join(dataDir, 'postgres'), silentLogger).catch(() => undefined);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A real, empty PostgreSQL on a free port, about a second to start. Stop it in afterAll. */
export async function startPostgres(): Promise<TestPostgres> {
  await clearAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  const { url, keysUrl, adminUrl, stop } = await startEmbeddedDatabase(
    { dataDir, port: 0, connections: 100, durable: false },
    silentLogger,
  );
  return {
    url,
    keysUrl,
    adminUrl: adminUrl.replace(/postgres$/, 'timbre'),
    async stop() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface TestDatabase extends TestPostgres {
  readonly database: Database;
  readonly source: DataSource;
}

/** A PostgreSQL with Timbre's tables in it, for specs of services. */
export async function startDatabase(entities: readonly (new () => object)[]): Promise<TestDatabase> {
  const postgres = await startPostgres();
  const source = createDataSource({ url: postgres.url, pool: 5, entities, migrations }, silentLogger);
  await source.initialize();
  await migrate(postgres.url, source);
  return {
    ...postgres,
    database: new Database(source),
    source,
    async stop() {
      await source.destroy();
      await postgres.stop();
    },
  };
}
