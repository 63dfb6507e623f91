import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { OtherProcess } from '../../bench/support/other-process.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import type { Client } from '../telephony/client.js';
import { Bank } from '../e2e/bank.js';
import { aStream, aVerifiedCall, event, liveFeed, spoken, type Stream } from './streams.js';

// Real processes on one PostgreSQL: some are killed or stopped with live calls, one goes on and says how things stand.
const masterKey = randomBytes(32);
const callsEach = 20;
/** More for a longer look: TIMBRE_CHAOS_KILLS=100 npm run test:file -- test/chaos/process-loss.spec.ts */
const kills = Number(process.env['TIMBRE_CHAOS_KILLS'] ?? 3);
let postgres: TestPostgres;
let survivor: TestApp;
let bank: Bank;
let owner: pg.Client;
let audio: Uint8Array;
let other: OtherProcess;

beforeAll(async () => {
  postgres = await startPostgres();
  survivor = await startAppOn(postgres, { masterKey });
  bank = await Bank.open(survivor);
  owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
  audio = await spoken('allison');
}, 60_000);
beforeEach(async () => {
  other = await OtherProcess.start(postgres.url, masterKey);
}, 30_000);
afterEach(async () => {
  await other.kill();
});
afterAll(async () => {
  await survivor.close();
  await owner.end();
  await postgres.stop();
});

interface Summary {
  readonly callId: string;
  readonly closedAt: string | null;
  readonly closeReason: string | null;
  readonly claimedCustomerId: string | null;
  readonly continuesCallId: string | null;
  readonly result: CallResult;
}

const call = async (callId: string): Promise<Summary> =>
  (await bank.as('agent').get(`/v1/calls/${callId}`).expect(200)).body as Summary;

const accountEvent = (callId: string) =>
  bank.as('agent').post(`/v1/calls/${callId}/account-events`).send({ kind: 'payout' });

const liveCalls = async (): Promise<string[]> => {
  const { body } = await bank.as('agent').get('/v1/calls?live=true&limit=200').expect(200);
  return (body as { calls: Summary[] }).calls.map(({ callId }) => callId);
};

interface Killed {
  readonly streams: readonly Stream[];
  readonly acknowledged: readonly {
    readonly callId: string;
    readonly customerId?: string;
    readonly accountEventId?: string;
  }[];
}

/** Twenty calls, each being claimed and paid out of when their process dies. */
async function killedInMidCall(victim: OtherProcess, name: string): Promise<Killed> {
  const there = bank.at({ ...survivor, url: victim.url });
  const acknowledged: Killed['acknowledged'][number][] = [];
  const streams = await Promise.all(
    Array.from({ length: callsEach }, (_, i) => aStream(bank, victim.url, { callId: `${name}-${i}` })),
  );
  const customerIds = await Promise.all(streams.map((_, i) => bank.customer(`${name}-${i}`)));
  const asked = streams.map(async ({ callId }, i) => {
    const claim = await there
      .as('agent')
      .post(`/v1/calls/${callId}/claim`)
      .send({ customer: `${name}-${i}` });
    if (claim.status === 200) acknowledged.push({ callId, customerId: String(customerIds[i]) });
    // Half of them are told to the one that goes on.
    const done = await (i % 2 === 0 ? there : bank)
      .as('agent')
      .post(`/v1/calls/${callId}/account-events`)
      .send({ kind: 'payout' });
    const { accountEventId } = done.body as { accountEventId: string };
    if (done.status === 201) acknowledged.push({ callId, accountEventId });
    if (acknowledged.length >= callsEach) await victim.kill();
  });
  await Promise.allSettled(asked);
  await victim.kill();
  return { streams, acknowledged };
}

async function resultOf(feed: Client, callId: string, state: string): Promise<void> {
  for (;;) {
    const results = feed.heard.filter(
      (message) => message['kind'] === 'result' && message['callId'] === callId,
    );
    if (results.some(({ payload }) => (payload as CallResult).verification.state === state)) return;
    await feed.next('event');
  }
}

describe('a process that is killed', () => {
  it(
    'leaves none of its twenty calls live, and nothing that was acknowledged is lost, however often',
    async () => {
      const feed = await liveFeed(bank, survivor.url);
      const killed: Killed[] = [];
      for (let i = 1; i <= kills; i++) {
        killed.push(await killedInMidCall(other, `kill-${i}`));
        other = await OtherProcess.start(postgres.url, masterKey);
      }
      for (const { streams, acknowledged } of killed) {
        for (const { callId } of streams) {
          const { payload } = await event(feed, 'closed', callId);
          expect(payload).toMatchObject({ reason: 'process-lost', result: { callId } });
          expect(await call(callId)).toMatchObject({
            closedAt: expect.any(String),
            closeReason: 'process-lost',
          });
        }
        expect(acknowledged.length).toBeGreaterThan(0);
        for (const { callId, customerId, accountEventId } of acknowledged) {
          if (customerId !== undefined) expect((await call(callId)).claimedCustomerId).toBe(customerId);
          if (accountEventId === undefined) continue;
          const kept = 'SELECT 1 FROM account_events WHERE account_event_id = $1 AND call_id = $2';
          expect((await owner.query(kept, [accountEventId, callId])).rowCount).toBe(1);
        }
        const { body } = await bank
          .as('agent')
          .post(`/v1/calls/${streams[0]?.callId}/claim`)
          .send({ customer: 'kill-1-0' })
          .expect(409);
        expect(body).toMatchObject({ type: 'urn:timbre:problem:call-closed' });
      }
      expect(await liveCalls()).toEqual([]);
      feed.hangUp();
    },
    kills * 20_000,
  );

  it('leaves what it last said of a voice as history, decided in the audit log, and takes no claim for it', async () => {
    const { customerId } = await bank.enrolled('VERIFIED', 'allison');
    const feed = await liveFeed(bank, survivor.url);
    const { callId } = await aVerifiedCall(bank, other.url, audio, {
      callId: 'verified',
      claimedCustomerId: 'VERIFIED',
    });
    await resultOf(feed, callId, 'accepted');
    await other.kill();
    await event(feed, 'closed', callId);
    expect(await call(callId)).toMatchObject({
      closeReason: 'process-lost',
      claimedCustomerId: customerId,
      result: { verification: { state: 'accepted' } },
    });
    const { rows } = await owner.query<{ details: { state: string } }>(
      `SELECT details FROM audit_entries WHERE call_id = $1 AND action = 'verification-decided'`,
      [callId],
    );
    expect(rows).toMatchObject([{ details: { state: 'accepted' } }]);
    const again = await liveFeed(bank, survivor.url);
    const { calls } = (await again.message('snapshot')) as unknown as { calls: Summary[] };
    expect(calls.find((found) => found.callId === callId)?.closedAt).toEqual(expect.any(String));
    again.hangUp();
    feed.hangUp();
  }, 30_000);

  it('answers claims, enrolments and account events of its calls as those of any closed call', async () => {
    await bank.enrolled('ASKED-AFTER', 'allison');
    const feed = await liveFeed(bank, survivor.url);
    const lost = await aVerifiedCall(bank, other.url, audio, {
      callId: 'lost',
      claimedCustomerId: 'ASKED-AFTER',
    });
    await resultOf(feed, lost.callId, 'accepted');
    const ended = await aStream(bank, survivor.url, { callId: 'ended' });
    ended.client.send({ type: 'stop' });
    await event(feed, 'closed', ended.callId);
    await other.kill();
    expect(await event(feed, 'closed', lost.callId)).toMatchObject({ payload: { reason: 'process-lost' } });

    // Soon after the call an event is taken, and judged by how it ended.
    const paidOut = await accountEvent(lost.callId);
    expect([paidOut.status, paidOut.body]).toMatchObject([
      201,
      { verificationState: 'accepted', flag: null },
    ]);
    expect((await accountEvent(ended.callId)).status).toBe(201);

    await owner.query(
      `UPDATE calls SET opened_at = opened_at - interval '1 day', closed_at = closed_at - interval '1 day'
       WHERE call_id = ANY($1)`,
      [[lost.callId, ended.callId]],
    );
    for (const { callId } of [lost, ended]) {
      const agent = bank.as('agent');
      const answers = [
        await accountEvent(callId),
        await agent.post(`/v1/calls/${callId}/claim`).send({ customer: 'ASKED-AFTER' }),
        await agent.post(`/v1/calls/${callId}/enrolment`),
      ];
      for (const { status, body } of answers) {
        expect([status, body]).toMatchObject([409, { type: 'urn:timbre:problem:call-closed' }]);
      }
    }
    const kept = 'SELECT 1 FROM account_events WHERE call_id = $1';
    expect((await owner.query(kept, [lost.callId])).rowCount).toBe(1);
    feed.hangUp();
  }, 30_000);

  it('closes the row of a call that goes on elsewhere, before and after it was found lost', async () => {
    const customerId = await bank.customer('ROAMER');
    const feed = await liveFeed(bank, survivor.url);
    const early = await aStream(bank, other.url, { callId: 'early', claimedCustomerId: 'ROAMER' });
    const late = await aStream(bank, other.url, { callId: 'late', claimedCustomerId: 'ROAMER' });
    for (const { callId } of [early, late]) await event(feed, 'claimed', callId);
    await other.kill();
    const earlyAgain = await aStream(bank, survivor.url, { callId: 'early' });
    await event(feed, 'claimed', earlyAgain.callId);
    expect(await call(earlyAgain.callId)).toMatchObject({
      continuesCallId: early.callId,
      claimedCustomerId: customerId,
    });
    expect(await call(early.callId)).toMatchObject({
      closeReason: 'taken-over',
      closedAt: expect.any(String),
    });
    await event(feed, 'closed', late.callId);
    const lateAgain = await aStream(bank, survivor.url, { callId: 'late' });
    await event(feed, 'resumed', lateAgain.callId);
    expect(await call(lateAgain.callId)).toMatchObject({ continuesCallId: late.callId });
    expect(await call(late.callId)).toMatchObject({ closeReason: 'taken-over' });
    for (const { client } of [earlyAgain, lateAgain]) client.hangUp();
    feed.hangUp();
  }, 30_000);
});

describe('a process that stalls until others take it for lost', () => {
  it('takes its calls back when it wakes, but for one that went on elsewhere', async () => {
    const staying = await aStream(bank, other.url, { callId: 'staying' });
    const moving = await aStream(bank, other.url, { callId: 'moving' });
    const feed = await liveFeed(bank, survivor.url);
    // Both rows are there.
    for (const { callId } of [staying, moving])
      await bank
        .at({ ...survivor, url: other.url })
        .as('agent')
        .get(`/v1/calls/${callId}`)
        .expect(200);
    other.signal('SIGSTOP');
    for (const { callId } of [staying, moving]) await event(feed, 'closed', callId);
    const moved = await aStream(bank, survivor.url, { callId: 'moving' });
    await event(feed, 'resumed', moved.callId);
    other.signal('SIGCONT');
    await event(feed, 'resumed', staying.callId);
    expect(await moving.client.closed).toMatchObject({ reason: 'taken-over' });
    expect(await call(staying.callId)).toMatchObject({ closedAt: null, closeReason: null });
    expect(await call(moving.callId)).toMatchObject({ closeReason: 'taken-over' });
    expect(await liveCalls()).toEqual(expect.arrayContaining([staying.callId, moved.callId]));
    staying.client.send({ type: 'stop' });
    await event(feed, 'closed', moving.callId);
    await staying.client.closed;
    moved.client.hangUp();
    feed.hangUp();
  }, 40_000);
});
