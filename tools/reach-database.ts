import type { Config } from '../src/platform/config/config.js';
import {
  runningEmbeddedDatabase,
  startEmbeddedDatabase,
} from '../src/platform/database/embedded/embedded-database.js';
import { createLogger } from '../src/platform/logging/logger.js';

/** The database of the service, whether or not the service runs. */
export async function reachDatabase(
  config: Config,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const nothingToStop = (): Promise<void> => Promise.resolve();
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, stop: nothingToStop };
  const running = runningEmbeddedDatabase(config.dataDir);
  if (running !== undefined) return { url: running, stop: nothingToStop };
  return startEmbeddedDatabase(
    { dataDir: config.dataDir, port: config.embeddedDatabasePort, connections: 20 },
    createLogger('silent'),
  );
}
