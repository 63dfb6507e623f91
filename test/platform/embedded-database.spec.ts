import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  runningEmbeddedDatabase,
  startEmbeddedDatabase,
  type EmbeddedDatabase,
} from '../../src/platform/database/embedded/embedded-database.js';
import { DataDirInUse } from '../../src/platform/database/embedded/owner-lock.js';
import { processIdentity } from '../../src/platform/database/embedded/process-identity.js';
import { silentLogger } from '../support/postgres.js';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const built = new URL('../../dist/src/platform/database/embedded/embedded-database.js', import.meta.url);

/** As a first start leaves it: to make one takes seconds, to copy it none. */
const made = mkdtempSync(join(tmpdir(), 'timbre-test-'));
let dataDir: string;
let started: EmbeddedDatabase[];
let children: ChildProcess[];

beforeAll(async () => {
  await (await startEmbeddedDatabase(optionsFor(made), silentLogger)).stop();
});
afterAll(() => {
  rmSync(made, { recursive: true });
});
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'timbre-test-'));
  started = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
  for (const database of started) await database.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const optionsFor = (folder: string, port = 0) => ({
  dataDir: folder,
  port,
  connections: 20,
  durable: false,
});

const startedBefore = () => execFileSync('cp', ['--archive', `${made}/.`, dataDir]);

async function start(port = 0): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase(optionsFor(dataDir, port), silentLogger);
  started.push(database);
  return database;
}

async function stop(database: EmbeddedDatabase): Promise<void> {
  started = started.filter((other) => other !== database);
  await database.stop();
}

/** The same in another process, which runs until it is killed (hard) or told to end (with its PostgreSQL). */
async function startElsewhere(
  asUser?: number,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const script = `
    const { startEmbeddedDatabase } = await import(${JSON.stringify(built.href)});
    const quiet = () => undefined;
    const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const database = await startEmbeddedDatabase({ dataDir: process.argv[1], port: 0, connections: 20 }, logger);
    process.on('SIGTERM', () => database.stop().then(() => process.exit(0)));
    console.log(database.url);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    ...(asUser === undefined ? {} : { uid: asUser, gid: asUser }),
  });
  children.push(child);
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [
    Buffer | number,
  ];
  if (typeof first === 'number') throw new Error('the other process failed');
  return { child, url: first.toString().trim() };
}

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterPid = (): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

describe('the embedded PostgreSQL', () => {
  it('finds its data and its port again', async () => {
    startedBefore();
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first);
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('serves an ordinary role that owns its database', async () => {
    startedBefore();
    const { url } = await start();
    expect(
      await query(
        url,
        `SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, pg_get_userbyid(datdba) AS owner
         FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()`,
      ),
    ).toEqual([
      { rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false, owner: 'timbre' },
    ]);
  });

  it('lets nobody in without the password, and listens on this machine only', async () => {
    startedBefore();
    const { url } = await start();
    const guess = new URL(url);
    guess.password = 'guess';
    await expect(query(guess.href, 'SELECT 1')).rejects.toThrow(/password/);
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  });

  it('keeps its passwords in files for their owner alone', async () => {
    startedBefore();
    await start();
    expect(statSync(join(dataDir, 'database.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
  });

  it('takes another port when its own was taken meanwhile', async () => {
    startedBefore();
    const first = await start();
    await stop(first);
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const second = await start();
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
      expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      squatter.close();
    }
  });

  it('names the variable when the port it was given is taken', async () => {
    startedBefore();
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address() as { port: number };
    await expect(start(address.port)).rejects.toThrow(/TIMBRE_EMBEDDED_DATABASE_PORT/);
    squatter.close();
  });

  it('begins anew when the first start was interrupted', async () => {
    mkdirSync(join(dataDir, 'postgres.new'));
    writeFileSync(join(dataDir, 'postgres.new', 'half'), 'made');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('after a crash, the embedded PostgreSQL', () => {
  it('is taken over from a Timbre that was killed', async () => {
    startedBefore();
    const other = await startElsewhere();
    await query(other.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const orphan = postmasterPid();
    await kill(other.child);
    const { url } = await start();
    expect(postmasterPid()).not.toBe(orphan);
    expect(processIdentity(orphan)).toBeUndefined();
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('recovers when it was killed with it', async () => {
    startedBefore();
    const other = await startElsewhere();
    await query(other.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(postmasterPid(), 'SIGKILL');
    await kill(other.child);
    const { url } = await start();
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is not fooled by process numbers that others have now', async () => {
    startedBefore();
    const first = await start();
    await stop(first);
    writeFileSync(
      join(dataDir, 'owner.json'),
      JSON.stringify({ pid: process.pid, identity: 'an earlier process' }),
    );
    writeFileSync(
      join(dataDir, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${join(dataDir, 'postgres')}\n`,
    );
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('while another Timbre runs it, the embedded PostgreSQL', () => {
  it('is refused to a second one, in words that say what to do', async () => {
    startedBefore();
    const other = await startElsewhere();
    const refusal = await start().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirInUse);
    expect((refusal as Error).message).toContain(`process ${other.child.pid}`);
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('can be reached by tools', async () => {
    startedBefore();
    expect(runningEmbeddedDatabase(dataDir)).toBeUndefined();
    const other = await startElsewhere();
    expect(runningEmbeddedDatabase(dataDir)).toMatchObject({ url: other.url });
    await kill(other.child);
    expect(runningEmbeddedDatabase(dataDir)).toBeUndefined();
    await start();
  });

  it('goes to one of two that start at once', async () => {
    const results = await Promise.allSettled([start(), startElsewhere()]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

(isRoot ? describe : describe.skip)('run by root, the embedded PostgreSQL', () => {
  it('says which folder keeps its account out', async () => {
    const closed = join(dataDir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const open = dataDir;
    dataDir = join(closed, 'timbre');
    try {
      await expect(start()).rejects.toThrow(/may not pass through .*closed to reach .*TIMBRE_DATA_DIR/);
    } finally {
      dataDir = open;
    }
  });

  it('works for an ordinary user as well', async () => {
    chownSync(dataDir, nobody, nobody);
    chmodSync(dataDir, 0o700);
    const other = await startElsewhere(nobody);
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(nobody);
  });
});
