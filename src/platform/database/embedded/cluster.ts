import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../logging/logger.js';
import { embeddedBinaries } from './binaries.js';
import { processCommand, processIdentity } from './process-identity.js';
import type { RunAs } from './run-as.js';

const ready = 'database system is ready to accept connections';

/** Makes the cluster's files unless they are there. Made aside and renamed: an interrupted first start leaves nothing half made. */
export async function ensureCluster(
  folder: string,
  password: string,
  runAs: RunAs | undefined,
): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return;
  const draft = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs !== undefined) for (const path of [draft, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
  try {
    const child = spawn(
      embeddedBinaries().initdb,
      [
        `--pgdata=${draft}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Sorts alike on every machine, whatever locales it has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        // The server syncs what it writes; losing power in this very second costs an empty database.
        '--no-sync',
      ],
      { ...runAs, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: environment() },
    );
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await exitOf(child);
    if (code !== 0) throw new Error(`The embedded PostgreSQL could not be made (initdb: ${output.trim()})`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, folder);
}

/** A postmaster whose Timbre died is stopped; a lock file whose postmaster died is removed. Only for the directory's owner. */
export async function clearLeftovers(folder: string, logger: Logger): Promise<void> {
  const lock = join(folder, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const identity = processIdentity(pid);
  if (identity !== undefined && processCommand(pid).includes(folder)) {
    logger.warn({ pid }, 'stopping the embedded PostgreSQL of a Timbre that died');
    process.kill(pid, 'SIGINT');
    while (processIdentity(pid) === identity) await pause(20);
  }
  rmSync(lock, { force: true });
}

export interface RunningCluster {
  /** Ends connections and waits until all is written. */
  stop(): Promise<void>;
  /** Resolves when PostgreSQL ended without being told to. */
  readonly failed: Promise<void>;
}

/** Starts the server and resolves when it takes connections. */
export async function startCluster(
  folder: string,
  settings: Readonly<Record<string, string>>,
  runAs: RunAs | undefined,
  logger: Logger,
): Promise<RunningCluster> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(embeddedBinaries().postgres, ['-D', folder, ...flags], {
    ...runAs,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A process group of its own: Ctrl-C in the terminal reaches Timbre, which stops PostgreSQL last.
    detached: true,
  });
  const exited = exitOf(child);
  let output = '';
  const started = new Promise<'started'>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2000);
      logger.debug({ output: text.trim() }, 'embedded PostgreSQL');
      if (output.includes(ready)) resolve('started');
    });
  });
  if ((await Promise.race([started, exited])) !== 'started') {
    throw new Error(`The embedded PostgreSQL did not start: ${output.trim()}`);
  }
  let stopping = false;
  // Whatever ends this process without stop(), short of a kill, still ends PostgreSQL.
  const stopAtExit = (): void => void child.kill('SIGINT');
  process.once('exit', stopAtExit);
  const failed = new Promise<void>((resolve) => {
    void exited.then(() => {
      if (!stopping) resolve();
    });
  });
  return {
    failed,
    async stop() {
      stopping = true;
      child.kill('SIGINT'); // fast shutdown: sessions end, everything committed is kept
      await exited;
      process.off('exit', stopAtExit);
    },
  };
}

/** The caller's own PG… variables would reach the server and initdb otherwise. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('PG') && !name.startsWith('TIMBRE_'),
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
