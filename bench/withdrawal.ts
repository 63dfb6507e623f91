/**
 * How soon a withdrawal takes effect in a live call of another process: `npm run bench:withdrawal [-- --times 100 --only plain,killed,stalled,pooled]`.
 * Real processes on one PostgreSQL, real speech. Times count from the withdrawal's own, which is taken before it is committed.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { CallResult } from '../src/core/calls/result.js';
import type { TenantId } from '../src/core/ids.js';
import { TokensService } from '../src/modules/installation/tokens/tokens.service.js';
import { TenantsService } from '../src/modules/installation/tenants/tenants.service.js';
import { loadConfig } from '../src/platform/config/config.js';
import { startEmbeddedDatabase } from '../src/platform/database/embedded/embedded-database.js';
import { createLogger } from '../src/platform/logging/logger.js';
import { startTimbre } from '../src/start.js';
import { streamCall } from '../tools/call/stream-call.js';
import { Messages, startChild } from './child.js';
import { machine } from './machine.js';
import { quantile, round } from './numbers.js';
import { startCommitWatch } from './support/at-commit.js';
import { OtherProcess } from './support/other-process.js';
import { startPgbouncer } from './support/pgbouncer.js';
import { startStallingProxy } from './support/stalling-proxy.js';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '100' },
    only: { type: 'string', default: 'plain,killed,stalled,pooled' },
    /** Calls that go on at the same time. */
    atOnce: { type: 'string', default: '4' },
  },
});
const logger = createLogger('fatal');
const masterKey = randomBytes(32);
const dataDir = mkdtempSync(join(tmpdir(), 'timbre-bench-withdrawal-'));
const postgres = await startEmbeddedDatabase({ dataDir, port: 0, connections: 200, durable: true }, logger);
/** Makes people and their voiceprints; it reads facts as every process does. */
const office = await startTimbre(
  loadConfig({
    DATABASE_URL: postgres.url,
    TIMBRE_MASTER_KEY: masterKey.toString('base64'),
    TIMBRE_HTTP_PORT: '0',
    TIMBRE_WORKERS: '1',
    TIMBRE_LOG_LEVEL: 'fatal',
  }),
  logger,
);
const tenantId: TenantId = await office.app.get(TenantsService, { strict: false }).create('bench');
const tokens = office.app.get(TokensService, { strict: false });
const tokenOf = async (role: 'customer-service' | 'telephony') =>
  tokens.create(tenantId, { role, label: 'bench', expiresAt: undefined });
const [desk, telephony] = [await tokenOf('customer-service'), await tokenOf('telephony')];
const owner = new pg.Pool({
  connectionString: postgres.adminUrl.replace(/postgres$/, 'timbre'),
  max: 4,
});

interface Person {
  readonly customerId: string;
  readonly consentId: string;
}

async function ask(url: string, method: string, path: string, body?: object | FormData): Promise<unknown> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${desk.token}`,
      ...(!isForm && { 'content-type': 'application/json' }),
    },
    body: isForm ? body : JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function enrolled(accountRef: string): Promise<Person> {
  const { customerId } = (await ask(office.url, 'POST', '/v1/customers', { accountRef })) as Person;
  const { consentId } = (await ask(office.url, 'POST', `/v1/customers/${customerId}/consents`, {
    purposes: ['verification', 'enrolment'],
    noticeVersion: 'bench',
    noticeLanguage: 'en',
    noticeText: 'We make a voiceprint of your voice and compare it when you call.',
    method: 'web-form',
  })) as Person;
  const form = new FormData();
  form.append('file', new Blob([readFileSync('samples/speech/allison/enrol-1.wav')]), 'enrol-1.wav');
  await ask(office.url, 'POST', `/v1/customers/${customerId}/enrolments`, form);
  return { customerId, consentId };
}

interface Measured {
  /** Until the call's own socket says that the person said no. */
  readonly toldMs: number;
  /** Until nothing that was measured is left in the call's row and in its events. */
  readonly goneMs: number;
  /** Results with an llr that came after that was told, and later than a second. */
  readonly afterTold: number;
  readonly late: number;
  /** Rows with numbers when the call is over. */
  readonly left: number;
}

async function measuredRows(callId: string): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `SELECT count(*)::int FROM (SELECT result AS said FROM calls WHERE call_id = $1
       UNION ALL SELECT payload FROM call_events WHERE call_id = $1) AS told
     WHERE said::text ~ '"(llr|posterior)": [-0-9]|"netSpeechMs": [1-9]'`,
    [callId],
  );
  return rows[0]?.count ?? 0;
}

async function withdrawnAtMs({ customerId }: Person): Promise<number> {
  for (;;) {
    const { rows } = await owner.query<{ at: Date }>(
      `SELECT at FROM audit_entries WHERE subject_id = $1 AND action = 'consent-withdrawn'`,
      [customerId],
    );
    if (rows[0]) return rows[0].at.getTime();
    await pause(2);
  }
}

/** One call in which the person is accepted, and withdraws then. */
async function measure({ callsUrl, ready }: Way, accountRef: string): Promise<Measured> {
  const person = await enrolled(accountRef);
  const withdraw = await ready();
  const told: { readonly atMs: number; readonly result: CallResult }[] = [];
  let gone: Promise<{ atMs: number; beganMs: number }> | undefined;
  const watch = async (callId: string) => {
    const withdrawing = withdraw(person);
    const beganMs = await withdrawnAtMs(person);
    while ((await measuredRows(callId)) > 0) await pause(2);
    const atMs = Date.now();
    await withdrawing;
    return { atMs, beganMs };
  };
  const outcome = await streamCall(
    {
      files: ['samples/speech/allison/call-1.wav'],
      url: `${callsUrl.replace(/^http/, 'ws')}/v1/telephony/stream`,
      protocol: { kind: 'plain', token: telephony.token, results: true },
      customer: accountRef,
      callId: accountRef,
      speed: 5,
    },
    {
      onResult(result) {
        told.push({ atMs: Date.now(), result });
        if (result.verification.state === 'accepted') gone ??= watch(result.callId);
      },
    },
  );
  if (outcome.kind !== 'completed' || outcome.callId === undefined || gone === undefined)
    throw new Error(`the call was not completed: ${JSON.stringify(outcome)}`);
  // Of a call that is over before, what was measured may stay.
  if (outcome.lastResult?.verification.state !== 'opted-out') throw new Error('the call was over too soon');
  const { atMs, beganMs } = await gone;
  const first = told.findIndex(({ result }) => result.verification.state === 'opted-out');
  const measuring = told.filter(({ result }) => result.verification.llr !== null);
  return {
    toldMs: (told[first]?.atMs ?? Infinity) - beganMs,
    goneMs: atMs - beganMs,
    afterTold: measuring.filter((one) => first >= 0 && told.indexOf(one) > first).length,
    late: measuring.filter((one) => one.atMs > beganMs + 1000).length,
    left: await measuredRows(outcome.callId),
  };
}

type Withdraw = (person: Person) => Promise<void>;

const byHttp = (url: string) => (): Promise<Withdraw> =>
  Promise.resolve(async ({ customerId, consentId }) => {
    await ask(url, 'DELETE', `/v1/customers/${customerId}/consents/${consentId}`);
  });

/** By a process that is killed when the server has committed, before it hears of it. */
async function byTheKilled(): Promise<Withdraw> {
  const watch = await startCommitWatch(postgres.url);
  const child = startChild('./withdrawer.js', { args: [watch.url, tenantId], processors: null });
  await new Messages(child).next();
  return async ({ customerId, consentId }) => {
    const committed = watch.arm();
    child.send({ customerId, consentId, tokenId: desk.tokenId });
    await committed;
    child.kill('SIGKILL');
    await watch.close();
  };
}

interface Way {
  readonly callsUrl: string;
  /** What makes a process ready to withdraw, before the call begins. */
  readonly ready: () => Promise<Withdraw>;
  readonly end: () => Promise<void>;
}

const ways: Readonly<Record<string, { readonly name: string; readonly start: () => Promise<Way> }>> = {
  plain: {
    name: 'withdrawn on another process',
    async start() {
      const calls = await OtherProcess.start(postgres.url, masterKey);
      const other = await OtherProcess.start(postgres.url, masterKey);
      const end = async () => {
        await Promise.all([calls.kill(), other.kill()]);
      };
      return { callsUrl: calls.url, ready: byHttp(other.url), end };
    },
  },
  killed: {
    name: '(a) and that is killed at its commit',
    async start() {
      const calls = await OtherProcess.start(postgres.url, masterKey);
      return { callsUrl: calls.url, ready: byTheKilled, end: () => calls.kill() };
    },
  },
  stalled: {
    name: '(b) the call’s process listens on a connection that stalled',
    async start() {
      const proxy = await startStallingProxy(postgres.url);
      const calls = await OtherProcess.start(postgres.url, masterKey, {
        TIMBRE_LISTEN_DATABASE_URL: proxy.url,
      });
      proxy.stall();
      const end = async () => {
        await calls.kill();
        await proxy.close();
      };
      return { callsUrl: calls.url, ready: byHttp(office.url), end };
    },
  },
  pooled: {
    name: '(c) all through pgbouncer in transaction mode',
    async start() {
      const pooler = await startPgbouncer(postgres.url);
      const calls = await OtherProcess.start(pooler.url, masterKey);
      const other = await OtherProcess.start(pooler.url, masterKey);
      const end = async () => {
        await Promise.all([calls.kill(), other.kill()]);
        await pooler.stop();
      };
      return { callsUrl: calls.url, ready: byHttp(other.url), end };
    },
  },
};

async function measureAll(part: string, way: Way): Promise<Measured[]> {
  const measured: Measured[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < Number(values.times)) {
      next += 1;
      measured.push(await measure(way, `${part}-${next}`));
    }
  };
  await Promise.all(Array.from({ length: Number(values.atOnce) }, one));
  return measured;
}

const spread = (all: readonly number[]): string =>
  [0.5, 0.95, 1].map((share) => String(round(quantile(all, share), 0))).join(' / ');

const lines = [
  `${machine().text}; ${values.atOnce} calls at once, ${values.times} withdrawals each; ms as median / p95 / most.`,
  '',
  '| | withdrawals | the call says so | nothing measured is left | results with an llr after that was said | later than 1 s | rows left with a number |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];
for (const part of values.only.split(',')) {
  const way = ways[part];
  if (way === undefined) throw new Error(`--only: ${Object.keys(ways).join()}`);
  const started = await way.start();
  const all = await measureAll(part, started);
  await started.end();
  const sum = (of: (one: Measured) => number): number => all.reduce((total, one) => total + of(one), 0);
  lines.push(
    `| ${way.name} | ${all.length} | ${spread(all.map(({ toldMs }) => toldMs))} | ${spread(all.map(({ goneMs }) => goneMs))} | ${sum(({ afterTold }) => afterTold)} | ${sum(({ late }) => late)} | ${sum(({ left }) => left)} |`,
  );
}
process.stdout.write(`${lines.join('\n')}\n`);
await owner.end();
await office.close();
await postgres.stop();
rmSync(dataDir, { recursive: true, force: true });
