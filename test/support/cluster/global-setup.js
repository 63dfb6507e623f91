import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { URL } from 'node:url';

// Jest loads this without its transform: what it needs of Timbre comes from dist.
const built = new URL('../../../dist/src/platform/database/embedded/', import.meta.url);
const prefix = 'timbre-test-pg-';
const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** One PostgreSQL for all integration specs of a run. Each takes databases of its own in it (postgres.ts). */
export default async function startSharedCluster() {
  if (!existsSync(built)) throw new Error('Integration specs need a build: npm run build');
  const { startEmbeddedDatabase } = await import(new URL('embedded-database.js', built).href);
  await clearAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), prefix));
  const cluster = await startEmbeddedDatabase({ dataDir, port: 0, connections: 300, durable: false }, logger);
  // Workers get their environment from here. Not TIMBRE_…: the service refuses such names that it does not know.
  process.env['TEST_CLUSTER'] = JSON.stringify({
    serviceUrl: cluster.url,
    adminUrl: cluster.adminUrl,
  });
  // A signal ends Jest without its teardown; at its exit the cluster ends, too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  globalThis.stopSharedCluster = async () => {
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** A run that was killed outright could not stop its PostgreSQL: the next one does. */
async function clearAbandoned() {
  const { clearLeftovers } = await import(new URL('cluster.js', built).href);
  const { liveOwner } = await import(new URL('owner-lock.js', built).href);
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const dataDir = join(tmpdir(), name);
    if (!existsSync(join(dataDir, 'owner.json')) || liveOwner(dataDir) !== undefined) continue;
    // Another run may be clearing the same one.
    await clearLeftovers(join(dataDir, 'postgres'), logger).catch(quiet);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
