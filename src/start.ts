import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule, entities } from './app.module.js';
import { observeEngine } from './app/engine-metrics.js';
import { observeWatchlistSearch } from './app/watchlist-search.module.js';
import { createHttpApp } from './app/http-app.js';
import { Cleanup } from './app/cleanup.js';
import { drainSockets } from './app/drain-sockets.js';
import { createEngine } from './engine/threaded-engine.js';
import { ThreadedWatchlistSearch } from './engine/watchlist/threaded-search.js';
import { migrations } from '../migrations/index.js';
import type { Clock } from './core/clock.js';
import { systemClock } from './platform/clock.js';
import type { Config } from './platform/config/config.js';
import { configuredVault } from './platform/crypto/configured-vault.js';
import { startKeyStore } from './platform/crypto/key-store-identity.js';
import { PostgresKeyShares, WrongKeyStore } from './platform/crypto/postgres-key-shares.js';
import { createDataSource } from './platform/database/data-source.js';
import { Database } from './platform/database/database.service.js';
import { startEmbeddedDatabase } from './platform/database/embedded/embedded-database.js';
import { migrate } from './platform/database/migrate.js';
import { PostgresEventBus } from './platform/event-bus/postgres-event-bus.js';
import { Readiness } from './platform/health/readiness.js';
import { Shutdown } from './platform/health/shutdown.js';
import { createLogger, type Logger } from './platform/logging/logger.js';
import { createMetricsRegistry } from './platform/metrics/metrics.js';

export interface RunningTimbre {
  /** Where it answers, such as http://127.0.0.1:8080. */
  readonly url: string;
  readonly app: NestExpressApplication;
  /** Resolves when the embedded PostgreSQL ended by itself: nothing works any more. Never with DATABASE_URL. */
  readonly failed: Promise<void>;
  /** Ready off, live calls told, queues flushed, sockets and bus closed, database closed. */
  close(): Promise<void>;
}

/** Starts Timbre; resolves when it is ready for calls. What was started is closed again when a later part fails. */
export async function startTimbre(
  config: Config,
  logger: Logger = createLogger(config.logLevel),
  clock: Clock = systemClock,
): Promise<RunningTimbre> {
  const began = performance.now();
  const cleanup = new Cleanup(logger);
  try {
    const running = await start(config, logger, clock, cleanup);
    logger.info({ url: running.url, startMs: Math.round(performance.now() - began) }, 'Timbre is ready');
    return running;
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(config: Config, logger: Logger, clock: Clock, cleanup: Cleanup): Promise<RunningTimbre> {
  warnOfGeneratedKey(config, logger);
  const registry = createMetricsRegistry();
  const readiness = new Readiness();
  const shutdown = new Shutdown();

  // Side by side: each takes its second.
  const { modelDir, previousModelDirs, workers } = config;
  const engineStart = createEngine({ modelDir, previousModelDirs, workers });
  engineStart.catch(() => undefined); // awaited below
  cleanup.add('engine', async () => (await engineStart.catch(() => undefined))?.shutdown());

  const { url, keysUrl, failed } = await databaseOf(config, logger, cleanup);
  warnOfKeysBesideData(url, keysUrl, logger);
  const source = createDataSource({ url, pool: config.databasePool, entities, migrations }, logger);
  await source.initialize().catch((cause: unknown) => {
    throw new Error('The database cannot be reached: is DATABASE_URL right and PostgreSQL running?', {
      cause,
    });
  });
  cleanup.add('database', () => source.destroy());
  const directUrl = config.listenDatabaseUrl ?? url;
  await migrate(directUrl, source);
  const database = new Database(source);
  const bus = new PostgresEventBus(url, logger, directUrl);
  await bus.start();
  cleanup.add('event bus', () => bus.close());
  const shares = new PostgresKeyShares(keysUrl, logger);
  cleanup.add('key store', () => shares.close());
  await startKeyStore(source, shares).catch((cause: unknown) => {
    if (cause instanceof WrongKeyStore) throw cause;
    throw new Error(
      'The key store cannot be reached: is TIMBRE_KEY_DATABASE_URL right and PostgreSQL running?',
      {
        cause,
      },
    );
  });
  const engine = await engineStart;

  readiness.register('database', () => database.ping());
  readiness.register('key-store', () => shares.ping());
  readiness.register('event-bus', () => {
    if (!bus.hears && !bus.isDeaf) throw new Error('The event bus hears nothing');
  });
  readiness.warnOf('event-bus-deaf', () => bus.isDeaf);
  readiness.register('engine', () => {
    if (engine.status().workers === 0) throw new Error('No analysis worker runs');
  });
  observeEngine(engine, registry);
  const watchlistSearch = new ThreadedWatchlistSearch(engine.model.embeddingSize);
  cleanup.add('watchlist search', () => watchlistSearch.shutdown());
  observeWatchlistSearch(watchlistSearch, registry);

  const vault = configuredVault(config);
  const known = { config, clock, logger, registry, readiness, shutdown };
  const parts = { ...known, database, bus, vault, shares };
  const app = await createHttpApp(AppModule.with(parts, engine, watchlistSearch), parts);
  const endSockets = drainSockets(app.getHttpServer(), config.shutdownGraceMs);
  cleanup.add('http', async () => {
    endSockets();
    await app.close();
  });
  await app.listen(config.httpPort, config.httpHost);
  const { port } = app.getHttpServer().address() as AddressInfo;

  const close = async (): Promise<void> => {
    readiness.turnOff();
    logger.info('shutting down');
    const unfinished = await shutdown.run(config.shutdownGraceMs);
    if (unfinished.length > 0) logger.error({ unfinished }, 'shutdown went on without these');
    await cleanup.run();
    logger.info('shut down');
  };
  let closing: Promise<void> | undefined;
  return {
    url: `http://${hostInUrl(config.httpHost)}:${port}`,
    app,
    failed,
    close: () => (closing ??= close()),
  };
}

async function databaseOf(
  config: Config,
  logger: Logger,
  cleanup: Cleanup,
): Promise<{ readonly url: string; readonly keysUrl: string; readonly failed: Promise<void> }> {
  const { databaseUrl, keyDatabaseUrl } = config;
  if (databaseUrl !== undefined) {
    const failed = new Promise<void>(() => undefined);
    return { url: databaseUrl, keysUrl: keyDatabaseUrl ?? databaseUrl, failed };
  }
  const embedded = await startEmbeddedDatabase(
    {
      dataDir: config.dataDir,
      port: config.embeddedDatabasePort,
      // Beside the pool: the bus, a migration, tools, and what PostgreSQL keeps for itself.
      connections: config.databasePool + 24,
    },
    logger,
  );
  cleanup.add('embedded PostgreSQL', () => embedded.stop());
  return { ...embedded, keysUrl: keyDatabaseUrl ?? embedded.keysUrl };
}

function warnOfKeysBesideData(url: string, keysUrl: string, logger: Logger): void {
  if (url !== keysUrl) return;
  logger.warn(
    'halves of keys lie in the database that they open: leave the schema timbre_keys out of its backups, or set TIMBRE_KEY_DATABASE_URL',
  );
}

function warnOfGeneratedKey(config: Config, logger: Logger): void {
  if (config.masterKeySource !== 'generated') return;
  logger.warn(
    { dataDir: config.dataDir },
    'the master key was generated and lies beside the data it protects (master.key): set TIMBRE_MASTER_KEY for anything but a trial',
  );
}

/** An address that a client can use: a server on all interfaces is reached on this one. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
