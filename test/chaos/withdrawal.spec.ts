import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import { Bank } from '../e2e/bank.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { OtherProcess } from '../../bench/support/other-process.js';
import { hasPgbouncer, startPgbouncer } from '../../bench/support/pgbouncer.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startCommitWatch } from '../../bench/support/at-commit.js';
import { startStallingProxy } from '../../bench/support/stalling-proxy.js';
import type { Client } from '../telephony/client.js';
import { aVerifiedCall, event, liveFeed, resultsOf, speakUntil, spoken, type Stream } from './streams.js';

// Real processes on one PostgreSQL: consent is withdrawn on one while calls go on there and on others.
const masterKey = randomBytes(32);
let postgres: TestPostgres;
let survivor: TestApp;
let bank: Bank;
let owner: pg.Client;
let audio: Uint8Array;
let feed: Client;

beforeAll(async () => {
  postgres = await startPostgres();
  survivor = await startAppOn(postgres, { masterKey });
  bank = await Bank.open(survivor);
  owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
  audio = await spoken('allison');
  feed = await liveFeed(bank, survivor.url);
}, 60_000);
/** Also of a test that fails. */
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  feed.hangUp();
  await survivor.close();
  await owner.end();
  await postgres.stop();
});

async function aProcess(
  databaseUrl: string,
  more: Readonly<Record<string, string>> = {},
): Promise<OtherProcess> {
  const started = await OtherProcess.start(databaseUrl, masterKey, more);
  ends.push(() => started.kill());
  return started;
}

interface Person {
  readonly customerId: string;
  readonly consentId: string;
}

const optedOut = ({ verification }: CallResult): boolean => verification.state === 'opted-out';

const verifiedCall = (url: string, accountRef: string, callId = `${accountRef}-${url}`): Promise<Stream> =>
  aVerifiedCall(bank, url, audio, { callId, claimedCustomerId: accountRef });

const withdraw = (url: string, { customerId, consentId }: Person) =>
  bank
    .at({ ...survivor, url })
    .as('agent')
    .delete(`/v1/customers/${customerId}/consents/${consentId}`);

/** Rows of the call, and of what was told of it, that hold a number measured of the voice. */
async function measuredOf({ callId }: Stream): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `SELECT count(*)::int FROM (SELECT result AS said FROM calls WHERE call_id = $1
       UNION ALL SELECT payload FROM call_events WHERE call_id = $1) AS told
     WHERE said::text ~ '"(llr|posterior)": [-0-9]|"netSpeechMs": [1-9]'`,
    [callId],
  );
  return rows[0]?.count ?? 0;
}

/** Until whoever lives has done what follows from the withdrawal, by its cursors in the database. */
async function followed({ customerId }: Person): Promise<void> {
  for (;;) {
    const { rows } = await owner.query<{ done: number }>(
      `SELECT count(*)::int AS done FROM audit_entries f JOIN fact_cursors c USING (tenant_id)
       WHERE f.subject_id = $1 AND f.action = 'consent-withdrawn' AND c.seq >= f.seq
         AND c.reader IN ('voices in calls', 'measurements in flags')`,
      [customerId],
    );
    if (rows[0]?.done === 2) return;
    await pause(20);
  }
}

/** The call says that the person said no, and measures nothing of what is spoken after that. */
async function endsIn(stream: Stream): Promise<void> {
  await speakUntil(stream, audio, optedOut);
  await event(feed, 'voice-forgotten', stream.callId);
  for (let at = 0; at < 64_000; at += 3200) stream.client.send(audio.subarray(at, at + 3200));
  stream.client.send({ type: 'stop' });
  await stream.client.closed;
  const told = resultsOf(stream);
  const since = told.slice(told.findIndex(optedOut));
  expect(since.filter((result) => result.verification.llr !== null || !optedOut(result))).toEqual([]);
  await event(feed, 'closed', stream.callId);
  expect(await measuredOf(stream)).toBe(0);
}

describe('a process that is killed after it committed a withdrawal', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'and %i more transactions leaves nothing of the voice measured, in its own calls and in those of others',
    async (commits) => {
      const accountRef = `KILLED-${commits}`;
      const person = await bank.enrolled(accountRef, 'allison');
      const watch = await startCommitWatch(postgres.url, commits);
      ends.push(() => watch.close());
      const victim = await aProcess(watch.url);
      const there = await verifiedCall(victim.url, accountRef);
      const here = await verifiedCall(survivor.url, accountRef);
      // There is something to destroy, on both.
      for (const { callId } of [there, here]) await event(feed, 'result', callId);
      const committed = watch.arm();
      // Where it is answered before it comes so far, what a process does by itself brings it there.
      const asked = withdraw(victim.url, person).catch(() => undefined);
      await committed;
      await victim.kill();
      await asked;
      await followed(person);
      expect(await measuredOf(there)).toBe(0);
      await endsIn(here);
      await event(feed, 'closed', there.callId);
      expect(await measuredOf(there)).toBe(0);
    },
    60_000,
  );
});

describe('a withdrawal on another process', () => {
  it('reaches a live call whose process listens on a connection that stalled', async () => {
    const proxy = await startStallingProxy(postgres.url);
    ends.push(() => proxy.close());
    const deaf = await aProcess(postgres.url, { TIMBRE_LISTEN_DATABASE_URL: proxy.url });
    const person = await bank.enrolled('STALLED', 'allison');
    const call = await verifiedCall(deaf.url, 'STALLED');
    proxy.stall();
    await withdraw(survivor.url, person).expect(200);
    expect(await measuredOf(call)).toBe(0);
    await endsIn(call);
  }, 60_000);

  (hasPgbouncer ? it : it.skip)(
    'reaches it where all goes through pgbouncer in transaction mode (apt-get install pgbouncer)',
    async () => {
      const pooler = await startPgbouncer(postgres.url);
      ends.push(() => pooler.stop());
      const [calls, desk] = await Promise.all([aProcess(pooler.url), aProcess(pooler.url)]);
      const person = await bank.enrolled('POOLED', 'allison');
      const call = await verifiedCall(calls.url, 'POOLED');
      await withdraw(desk.url, person).expect(200);
      await endsIn(call);
    },
    60_000,
  );
});
