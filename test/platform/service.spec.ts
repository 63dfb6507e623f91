import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { processIdentity } from '../../src/platform/database/embedded/process-identity.js';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
let dataDir: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'timbre-test-'));
});
afterEach(async () => {
  for (const child of running) await end(child, 'SIGTERM');
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(script: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [join(dist, script), ...args], {
    env: {
      PATH: process.env['PATH'],
      TIMBRE_DATA_DIR: dataDir,
      TIMBRE_HTTP_PORT: '0',
      TIMBRE_WORKERS: '1',
      ...env,
    },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function toEnd(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [status] = (await exited) as [number | null];
  return status;
}

/** Starts the service and waits for the line that says where it is. */
async function serve(
  env: Record<string, string> = {},
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = run('src/main.js', [], env);
  for await (const line of createInterface({ input: child.stdout! })) {
    const entry = JSON.parse(line) as { msg: string; url?: string };
    if (entry.msg === 'Timbre is ready') {
      child.stdout!.resume();
      return { child, url: entry.url! };
    }
  }
  throw new Error('the service ended before it was ready');
}

const token = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  toEnd(run('tools/token/main.js', args, env));

const postmasterPid = (): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('the service on a bare machine', () => {
  it('starts with nothing set, takes a token made beside it, and ends cleanly with its PostgreSQL', async () => {
    const { child, url } = await serve();
    await request(url)
      .get('/health/ready')
      .expect(200, {
        ready: true,
        checks: { database: 'up', 'key-store': 'up', 'event-bus': 'up', engine: 'up' },
      });
    const made = await token(['--tenant', 'Bank', '--create-tenant', '--role', 'admin']);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    await request(url).get('/v1/tokens').set('Authorization', `Bearer ${made.stdout.trim()}`).expect(200);
    const postmaster = postmasterPid();
    expect(await end(child, 'SIGTERM')).toBe(0);
    expect(processIdentity(postmaster)).toBeUndefined();
  });

  it('finds its data, and a token made while it was not running, when it starts again', async () => {
    const made = await token(['--tenant', 'Bank', '--role', 'admin', '--label', 'made at rest']);
    expect(made.status).toBe(0);
    const { url } = await serve();
    const { text } = await request(url)
      .get('/v1/tokens')
      .set('Authorization', `Bearer ${made.stdout.trim()}`)
      .expect(200);
    expect(text).toContain('made at rest');
  });

  it('is refused a second time on the same data, by name of the first', async () => {
    const { child } = await serve();
    const second = await toEnd(run('src/main.js', [], {}));
    expect(second.status).toBe(1);
    expect(second.stdout).toContain(`Another Timbre (process ${child.pid})`);
  });

  it('starts again after it was killed', async () => {
    const { child } = await serve();
    await end(child, 'SIGKILL');
    const { url } = await serve();
    await request(url).get('/health/ready').expect(200);
  });

  it('ends at once at the second signal', async () => {
    const { child, url } = await serve();
    const slow = connect(Number(new URL(url).port), '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write(
      'POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await request(url).get('/health/live').expect(200); // by now the slow request is being waited for
    const exited = once(child, 'exit');
    const told = once(child.stdout!, 'data');
    child.kill('SIGINT');
    await told;
    child.kill('SIGINT');
    expect((await exited)[0]).toBe(130);
    slow.destroy();
  });
});

it('says why when it breaks in an unforeseen way, and ends with status 1', async () => {
  // What a bug does: a promise fails and nobody listens.
  const bug = `process.once('SIGUSR2', () => void Promise.reject(new Error('nobody listened')))`;
  const { child } = await serve({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}` });
  const ending = toEnd(child);
  child.kill('SIGUSR2');
  const { status, stdout } = await ending;
  expect(status).toBe(1);
  expect(stdout).toContain('nobody listened');
});

describe('a wrong start', () => {
  it('names the variable', async () => {
    const { status, stderr } = await toEnd(run('src/main.js', [], { TIMBRE_HTTP_PORT: 'eighty' }));
    expect(status).toBe(1);
    expect(stderr).toContain('TIMBRE_HTTP_PORT: expected a whole number from 0 to 65535');
  });

  it('names the database that is not there', async () => {
    const { status, stdout } = await toEnd(
      run('src/main.js', [], {
        DATABASE_URL: 'postgres://timbre:wrong-password@127.0.0.1:1/timbre',
        TIMBRE_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
      }),
    );
    expect(status).toBe(1);
    expect(stdout).toContain('DATABASE_URL');
    expect(stdout).toContain('ECONNREFUSED');
    expect(stdout).not.toContain('wrong-password');
  });
});

describe('timbre-token', () => {
  it('explains itself', async () => {
    expect(await token(['--help'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--create-tenant'),
    });
    expect(await token(['--tenant', 'Bank'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--role'),
    });
    expect(await token(['--tenant', 'Bank', '--role', 'king'])).toMatchObject({ status: 2, stdout: '' });
  });

  it('makes no tenant by a misspelt name', async () => {
    expect(await token(['--tenant', 'Bnak', '--role', 'agent'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('There is no tenant named Bnak'),
    });
  });
});
