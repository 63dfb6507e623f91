import type { Config } from '../src/platform/config/config.js';
import {
  runningEmbeddedDatabase,
  startEmbeddedDatabase,
} from '../src/platform/database/embedded/embedded-database.js';
import { createLogger } from '../src/platform/logging/logger.js';

/** The database of the service, whether or not the service runs. */
export async function reachDatabase(
  config: Config,
): Promise<{ readonly url: string; readonly keysUrl: string; stop(): Promise<void> }> {
  const nothingToStop = (): Promise<void> => Promise.resolve();
  const { databaseUrl, keyDatabaseUrl } = config;
  if (databaseUrl !== undefined)
    return { url: databaseUrl, keysUrl: keyDatabaseUrl ?? databaseUrl, stop: nothingToStop };
  const running = runningEmbeddedDatabase(config.dataDir);
  if (running !== undefined)
    return { url: running.url, keysUrl: keyDatabaseUrl ?? running.keysUrl, stop: nothingToStop };
  const started = await startEmbeddedDatabase(
    { dataDir: config.dataDir, port: config.embeddedDatabasePort, connections: 20 },
    createLogger('silent'),
  );
  return { ...started, keysUrl: keyDatabaseUrl ?? started.keysUrl };
}
