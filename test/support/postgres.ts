import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.service.js';
import { startEmbeddedDatabase } from '../../src/platform/database/embedded/embedded-database.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { createSpecDatabases } from './cluster/shared-cluster.js';

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

/** Databases of this spec alone in the run's PostgreSQL, with Timbre's tables unless 'empty'. Stop it in afterAll. */
export async function startPostgres(content: 'empty' | 'migrated' = 'migrated'): Promise<TestPostgres> {
  const { url, keysUrl, adminUrl, drop } = await createSpecDatabases(content);
  return { url, keysUrl, adminUrl, stop: drop };
}

/** A PostgreSQL of its own, empty, two seconds to start: for specs that stop it or make roles in it. */
export async function startOwnPostgres(): Promise<TestPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'timbre-test-pg-'));
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

/** A database with Timbre's tables in it, for specs of services. */
export async function startDatabase(entities: readonly (new () => object)[]): Promise<TestDatabase> {
  const postgres = await startPostgres();
  const source = createDataSource({ url: postgres.url, pool: 5, entities, migrations }, silentLogger);
  await source.initialize();
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
