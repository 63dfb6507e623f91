import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from '../../logging/logger.js';
import { embeddedBinaries } from './binaries.js';
import { clearLeftovers, ensureCluster, startCluster, type RunningCluster } from './cluster.js';
import { liveOwner, ownDataDir } from './owner-lock.js';
import { accountForPostgres, ensureReachable, type RunAs } from './run-as.js';
import {
  adminUrl,
  firstState,
  keysUrl,
  readState,
  serviceUrl,
  writeState,
  type EmbeddedState,
} from './state.js';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** 0: a free one, kept for the next start. */
  readonly port: number;
  readonly connections: number;
  /** False trades safety on power loss for speed: for tests. */
  readonly durable?: boolean;
}

export interface EmbeddedDatabase extends RunningCluster {
  /** As the service's role. */
  readonly url: string;
  /** Of the key store. */
  readonly keysUrl: string;
  readonly adminUrl: string;
}

/** The address of the embedded database that another process runs now; undefined when none does. */
export function runningEmbeddedDatabase(
  dataDir: string,
): Pick<EmbeddedDatabase, 'url' | 'keysUrl'> | undefined {
  if (liveOwner(dataDir) === undefined) return undefined;
  const state = readState(dataDir);
  if (state === undefined || state.port === 0) return undefined;
  return { url: serviceUrl(state), keysUrl: keysUrl(state) };
}

/** Starts the embedded PostgreSQL of a data directory, making it at first start. Throws DataDirInUse when another process runs it. */
export async function startEmbeddedDatabase(
  options: EmbeddedOptions,
  logger: Logger,
): Promise<EmbeddedDatabase> {
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  const release = ownDataDir(dataDir);
  try {
    const runAs = accountForPostgres();
    if (runAs !== undefined) allowPassage(dataDir, runAs);
    const folder = join(dataDir, 'postgres');
    const state = keptState(dataDir, folder);
    await ensureCluster(folder, state.adminPassword, runAs);
    await clearLeftovers(folder, logger);
    const port = await choosePort(options.port, state.port);
    const cluster = await startCluster(folder, settings(options, port), runAs, logger);
    const current = { ...state, port };
    try {
      await provision(current);
      writeState(dataDir, current);
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return {
      url: serviceUrl(current),
      keysUrl: keysUrl(current),
      adminUrl: adminUrl(current),
      failed: cluster.failed,
      async stop() {
        await cluster.stop();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

function allowPassage(dataDir: string, runAs: RunAs): void {
  chmodSync(dataDir, 0o711);
  ensureReachable(dataDir, runAs, dataDir);
  ensureReachable(embeddedBinaries().postgres, runAs, undefined);
}

function keptState(dataDir: string, folder: string): EmbeddedState {
  const kept = readState(dataDir);
  if (kept !== undefined) return kept;
  if (existsSync(folder)) {
    throw new Error(
      `${folder} has lost its passwords (database.json beside it): restore that file from a backup`,
    );
  }
  const state = firstState();
  writeState(dataDir, state);
  return state;
}

function settings(options: EmbeddedOptions, port: number): Record<string, string> {
  return {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(options.connections),
    // What goes wrong is logged without statements and row values: they would hold customers' data.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(options.durable === false
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '16MB' }
      : {}),
  };
}

async function choosePort(configured: number, kept: number): Promise<number> {
  if (configured !== 0) {
    if ((await freePort(configured)) === undefined) {
      throw new Error(`TIMBRE_EMBEDDED_DATABASE_PORT: port ${configured} is taken; give another or 0`);
    }
    return configured;
  }
  const port = (kept === 0 ? undefined : await freePort(kept)) ?? (await freePort(0));
  if (port === undefined) throw new Error('There is no free port on 127.0.0.1');
  return port;
}

/** The port itself when it is free; 0 asks for any. */
function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(undefined);
    });
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        resolve(address !== null && typeof address === 'object' ? address.port : undefined);
      });
    });
  });
}

/** An ordinary role that owns its database: row-level security binds it. */
async function provision(state: EmbeddedState): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl(state) });
  await admin.connect();
  try {
    const roles = await admin.query(`SELECT 1 FROM pg_roles WHERE rolname = 'timbre'`);
    const verb = roles.rowCount === 0 ? 'CREATE' : 'ALTER';
    await admin.query(
      `${verb} ROLE timbre LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD ${admin.escapeLiteral(state.password)}`,
    );
    const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database');
    for (const name of ['timbre', 'timbre_keys'])
      if (!rows.some(({ datname }) => datname === name))
        await admin.query(`CREATE DATABASE ${name} OWNER timbre`);
  } finally {
    await admin.end();
  }
}
