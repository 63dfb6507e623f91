import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallId } from '../../src/core/ids.js';
import { EVENT_BUS, type EventBus } from '../../src/platform/event-bus/event-bus.port.js';
import { aStream, event, liveFeed } from '../chaos/streams.js';
import { Bank, completed, speech } from '../e2e/bank.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

// Two processes' worth of Timbre on one PostgreSQL: something is said of a call that its process does not hear.
let postgres: TestPostgres;
let here: TestApp;
let there: TestApp;
let calls: Bank;
let desk: Bank;

beforeAll(async () => {
  postgres = await startPostgres();
  const masterKey = randomBytes(32);
  here = await startAppOn(postgres, { masterKey });
  there = await startAppOn(postgres, { masterKey });
  calls = await Bank.open(here);
  desk = calls.at(there);
}, 60_000);
afterAll(async () => {
  await here.close();
  await there.close();
  await postgres.stop();
});

/** Keeps calls from being transferred; resolves when one is about to be. */
async function heldTransfer() {
  // What others do is seen once a transaction: so not by who holds them.
  const [holder, watcher] = [1, 2].map(() => new pg.Client({ connectionString: postgres.adminUrl })) as [
    pg.Client,
    pg.Client,
  ];
  await holder.connect();
  await watcher.connect();
  await holder.query('BEGIN; LOCK TABLE call_handovers IN ACCESS EXCLUSIVE MODE');
  return {
    async begun(): Promise<void> {
      for (;;) {
        const { rowCount } = await watcher.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO "call_handovers"%'`,
        );
        if (rowCount !== 0) return;
        await pause(10);
      }
    },
    async letGo(): Promise<void> {
      await holder.query('COMMIT');
      await holder.end();
      await watcher.end();
    },
  };
}

describe('a claim', () => {
  it('that is taken while its call goes to another process holds there', async () => {
    const customerId = await calls.customer('MOVING');
    const { callId } = await aStream(calls, here.url, { callId: 'moving' });
    await calls.as('agent').get(`/v1/calls/${callId}`).expect(200);
    const feed = await liveFeed(desk, there.url);
    const transfer = await heldTransfer();
    // As a process asks to which the platform comes back.
    const bus = there.app.get<EventBus>(EVENT_BUS, { strict: false });
    await bus.publish({ kind: 'call-wanted', tenantId: calls.tenantId, callId: callId as CallId });
    await transfer.begun();
    await desk.as('agent').post(`/v1/calls/${callId}/claim`).send({ customer: 'MOVING' }).expect(200);
    await transfer.letGo();
    const moved = await aStream(desk, there.url, { callId: 'moving' });
    expect((await event(feed, 'claimed', moved.callId))['payload']).toEqual({ customerId });
    const { body } = await desk.as('agent').get(`/v1/calls/${moved.callId}`).expect(200);
    expect(body).toMatchObject({ claimedCustomerId: customerId, continuesCallId: callId });
    moved.client.hangUp();
    feed.hangUp();
  }, 30_000);
});

describe('a flag', () => {
  it('that is reviewed when its call is over is told on the live feed', async () => {
    await calls.enrolled('FLAGGED', 'allison');
    const { callId } = completed(await calls.call(speech('menardi', 'call-1'), { customer: 'FLAGGED' }));
    const feed = await liveFeed(desk, there.url);
    const { body } = await desk.as('fraud').get(`/v1/flags?callId=${callId}`).expect(200);
    const { flagId, version } = (body as { flags: { flagId: string; version: number }[] }).flags[0]!;
    const review = { version, state: 'in-review', assignee: 'test' };
    await calls.as('fraud').patch(`/v1/flags/${flagId}`).send(review).expect(200);
    const isReviewed = ({ payload }: Readonly<Record<string, unknown>>): boolean =>
      (payload as { state?: string } | undefined)?.state === 'in-review';
    let told = feed.heard.find(isReviewed);
    while (told === undefined) {
      await feed.next('event');
      told = feed.heard.find(isReviewed);
    }
    expect(told).toMatchObject({ kind: 'flag', callId, payload: { flagId, assignee: 'test' } });
    feed.hangUp();
  }, 30_000);
});
