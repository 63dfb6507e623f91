import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { StoredTablesModule } from '../../src/app/stored-tables.module.js';
import { createHttpApp } from '../../src/app/http-app.js';
import type { Role } from '../../src/core/auth/principal.js';
import type { Clock } from '../../src/core/clock.js';
import type { TenantId } from '../../src/core/ids.js';
import { TokensModule } from '../../src/modules/installation/tokens/tokens.module.js';
import { tokensEntities } from '../../src/modules/installation/tokens/tokens.entities.js';
import { TokensService } from '../../src/modules/installation/tokens/tokens.service.js';
import { TenantsModule } from '../../src/modules/installation/tenants/tenants.module.js';
import { tenantsEntities } from '../../src/modules/installation/tenants/tenants.entities.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { systemClock } from '../../src/platform/clock.js';
import { loadConfig, type Config } from '../../src/platform/config/config.js';
import { configuredVault } from '../../src/platform/crypto/configured-vault.js';
import { PostgresKeyShares } from '../../src/platform/crypto/postgres-key-shares.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { PostgresEventBus } from '../../src/platform/event-bus/postgres-event-bus.js';
import { Readiness } from '../../src/platform/health/readiness.js';
import { Shutdown } from '../../src/platform/health/shutdown.js';
import type { Logger } from '../../src/platform/logging/logger.js';
import { createMetricsRegistry } from '../../src/platform/metrics/metrics.js';
import { PlatformModule, type PlatformParts } from '../../src/platform/platform.module.js';
import { WsModule } from '../../src/platform/ws/ws.module.js';
import { startTimbre, type RunningTimbre } from '../../src/start.js';
import {
  silentLogger,
  startDatabase,
  startPostgres,
  type TestDatabase,
  type TestPostgres,
} from './postgres.js';

type ModuleUnderTest = Type | DynamicModule;

/** The configuration of a test: every default, free ports, a key of its own. */
export function testConfig(overrides: Partial<Config> = {}): Config {
  const config = loadConfig({
    DATABASE_URL: 'postgres://unused@127.0.0.1/unused',
    TIMBRE_MASTER_KEY: randomBytes(32).toString('base64'),
    TIMBRE_HTTP_PORT: '0',
    TIMBRE_WORKERS: '1',
  });
  return { ...config, ...overrides };
}

/** Tenants and tokens, made by the services themselves. */
export interface Actors {
  makeTenant(name?: string): Promise<TenantId>;
  makeToken(tenantId: TenantId, role: Role, label?: string): Promise<string>;
}

function actors(app: NestExpressApplication): Actors {
  const tenants = app.get(TenantsService, { strict: false });
  const tokens = app.get(TokensService, { strict: false });
  return {
    makeTenant: (name = `tenant ${randomBytes(6).toString('hex')}`) => tenants.create(name),
    async makeToken(tenantId, role, label = 'test') {
      const { token } = await tokens.create(tenantId, { role, label, expiresAt: undefined });
      return token;
    },
  };
}

export interface TestServer extends Actors {
  readonly url: string;
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly postgres: TestDatabase;
  readonly parts: PlatformParts;
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Beside platform, sockets, auth and tenants. */
  readonly modules?: readonly ModuleUnderTest[];
  readonly entities?: readonly (new () => object)[];
  readonly config?: Partial<Config>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Another process of that one's installation: the same database and master key. */
  readonly beside?: TestServer;
}

/** The modules under test behind the real HTTP edge, guard and PostgreSQL, on a free port; no engine. Close it in afterAll. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { beside } = options;
  const postgres =
    beside?.postgres ??
    (await startDatabase([...tenantsEntities, ...tokensEntities, ...(options.entities ?? [])]));
  const logger = options.logger ?? silentLogger;
  const bus = new PostgresEventBus(postgres.url, logger);
  await bus.start();
  const installation = beside && { masterKey: beside.parts.config.masterKey };
  const config = testConfig({ databaseUrl: postgres.url, ...installation, ...options.config });
  const shares = new PostgresKeyShares(config.keyDatabaseUrl ?? postgres.keysUrl, logger);
  await shares.start();
  const parts: PlatformParts = {
    config,
    clock: options.clock ?? systemClock,
    logger,
    registry: createMetricsRegistry(),
    database: postgres.database,
    bus,
    vault: configuredVault(config),
    shares,
    readiness: new Readiness(),
    shutdown: new Shutdown(),
  };
  const root: DynamicModule = {
    module: TestRoot,
    imports: [
      PlatformModule.with(parts),
      StoredTablesModule,
      WsModule,
      TokensModule,
      TenantsModule,
      ...(options.modules ?? []),
    ],
  };
  const app = await createHttpApp(root, parts);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    app,
    database: postgres.database,
    postgres,
    parts,
    ...actors(app),
    async close() {
      await parts.shutdown.run(5000);
      await app.close();
      await bus.close();
      await shares.close();
      if (!beside) await postgres.stop();
    },
  };
}

@Module({})
class TestRoot {}

export interface TestApp extends Actors, RunningTimbre {
  readonly databaseUrl: string;
  readonly adminUrl: string;
}

/** All of Timbre, with its engine (worker threads run from dist/: build first) and a database of its own. Close it in afterAll. */
export async function startApp(
  overrides: Partial<Config> = {},
  logger?: Logger,
  clock?: Clock,
): Promise<TestApp> {
  const postgres = await startPostgres();
  const app = await startAppOn(postgres, overrides, logger, clock);
  return {
    ...app,
    async close() {
      await app.close();
      await postgres.stop();
    },
  };
}

/** The same on a PostgreSQL that stays when this is closed: to start again on it, with the same `masterKey`. */
export async function startAppOn(
  postgres: TestPostgres,
  overrides: Partial<Config> = {},
  logger: Logger = silentLogger,
  clock: Clock = systemClock,
): Promise<TestApp> {
  const timbre = await startTimbre(
    testConfig({ databaseUrl: postgres.url, databasePool: 5, shutdownGraceMs: 5000, ...overrides }),
    logger,
    clock,
  );
  return {
    ...timbre,
    databaseUrl: postgres.url,
    adminUrl: postgres.adminUrl,
    ...actors(timbre.app),
  };
}
