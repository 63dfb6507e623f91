import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import { parseWav } from '../../src/core/audio/wav.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { Client } from '../telephony/client.js';
import { Bank, speech, testSpeed } from './bank.js';

// Two processes' worth of Timbre on one PostgreSQL: real engines, real sockets, real speech.
const bytesPerMs = 16;
let postgres: TestPostgres;
let here: TestApp;
let there: TestApp;
let bank: Bank;
let audio: Uint8Array;
const masterKey = randomBytes(32);

beforeAll(async () => {
  postgres = await startPostgres();
  there = await startAppOn(postgres, { masterKey });
  bank = await Bank.open(there);
  const wav = parseWav(await readFile(speech('allison', 'call-1')[0] ?? ''));
  if (wav.kind !== 'ok') throw new Error(wav.detail);
  audio = wav.data;
}, 120_000);
beforeEach(async () => {
  here = await startAppOn(postgres, { masterKey });
}, 60_000);
afterAll(async () => {
  await here.close();
  await there.close();
  await postgres.stop();
});

async function aStream(app: TestApp, fields: object): Promise<{ client: Client; callId: string }> {
  const client = await Client.open(
    `${app.url.replace(/^http/, 'ws')}/v1/telephony/stream`,
    Client.bearer(bank.tokens.telephony),
  );
  client.send({ type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 1, results: true, ...fields });
  return { client, callId: String((await client.message('started'))['callId']) };
}

async function speak(client: Client, fromMs: number, toMs: number): Promise<void> {
  for (let at = fromMs; at < toMs; at += 200) {
    client.send(audio.subarray(at * bytesPerMs, (at + 200) * bytesPerMs));
    await pause(200 / testSpeed);
  }
}

async function resultWhere(client: Client, holds: (result: CallResult) => boolean): Promise<CallResult> {
  for (;;) {
    const results = client.heard.filter(({ type }) => type === 'result') as unknown as CallResult[];
    const found = results.find(holds);
    if (found) return found;
    await client.next('result');
  }
}

/** A call on `here` with some evidence, not enough to decide on. */
async function aCallUnderWay(externalId: string, customer: string) {
  const { client, callId } = await aStream(here, { callId: externalId, claimedCustomerId: customer });
  await resultWhere(client, ({ verification }) => verification.state === 'collecting');
  await speak(client, 0, 5000);
  const result = await resultWhere(client, ({ verification }) => verification.llr !== null);
  expect(result.verification.state).toBe('collecting');
  return { client, callId, result };
}

async function transfersLeft(): Promise<number> {
  const owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
  const { rowCount } = await owner.query('SELECT 1 FROM call_handovers');
  await owner.end();
  return rowCount ?? 0;
}

const summary = async (callId: string): Promise<unknown> =>
  (await bank.as('agent').get(`/v1/calls/${callId}`).expect(200)).body;

describe('a call whose process goes away', () => {
  it('goes on on another one, with its evidence, under consent checked there', async () => {
    const { customerId } = await bank.enrolled('ALLISON', 'allison');
    const first = await aCallUnderWay('moved-1', 'ALLISON');
    await here.close();
    expect(await first.client.closed).toMatchObject({ code: 1012 });
    expect(await transfersLeft()).toBe(1);

    const { client, callId } = await aStream(there, { callId: 'moved-1' });
    const taken = await resultWhere(client, ({ verification }) => verification.llr !== null);
    // Not a word has been said here yet.
    expect(taken).toMatchObject({ claimedCustomerId: customerId, verification: { state: 'collecting' } });
    expect(taken.verification.netSpeechMs).toBeGreaterThanOrEqual(3000);
    expect(taken.verification.span?.startMs).toBe(first.result.verification.span?.startMs);
    expect(taken.verification.span?.endMs).toBeLessThanOrEqual(5000);
    expect(await transfersLeft()).toBe(0);
    await speak(client, 5000, 12_000);
    const accepted = await resultWhere(client, ({ verification }) => verification.state === 'accepted');
    expect(accepted.audio.receivedMs).toBeGreaterThan(5000);
    expect(accepted.audio.lostMs).toBeGreaterThan(0);
    expect(accepted.verification.span?.startMs).toBe(first.result.verification.span?.startMs);
    const { closed } = await bank.closing('moved-1');
    client.send({ type: 'stop' });
    await client.closed;
    await closed;
    expect(await summary(callId)).toMatchObject({ continuesCallId: first.callId, closeReason: 'ended' });
    expect(await summary(first.callId)).toMatchObject({ closeReason: 'shutdown' });
  });

  it('leaves nothing to resume with when consent is withdrawn meanwhile', async () => {
    const { customerId, consentId } = await bank.enrolled('WITHDRAWN', 'allison');
    const first = await aCallUnderWay('moved-2', 'WITHDRAWN');
    await here.close();
    await first.client.closed;
    expect(await transfersLeft()).toBe(1);
    await bank.as('agent').delete(`/v1/customers/${customerId}/consents/${consentId}`);
    expect(await transfersLeft()).toBe(0);
    const { client } = await aStream(there, { callId: 'moved-2', claimedCustomerId: 'WITHDRAWN' });
    await speak(client, 5000, 6000);
    const result = await resultWhere(client, ({ verification }) => verification.state === 'opted-out');
    expect(result).toMatchObject({ verification: { llr: null }, audio: { analysedMs: 0 } });
    client.hangUp();
  });
});

describe('a network that comes back to another process', () => {
  it('goes on there: the first one gives the call away, and tells its socket', async () => {
    await bank.enrolled('ROAMING', 'allison');
    const first = await aCallUnderWay('moved-3', 'ROAMING');
    const { client, callId } = await aStream(there, { callId: 'moved-3' });
    await resultWhere(client, ({ verification }) => verification.llr !== null);
    expect(await first.client.closed).toEqual({ code: 4016, reason: 'taken-over' });
    await speak(client, 5000, 12_000);
    await resultWhere(client, ({ verification }) => verification.state === 'accepted');
    const { closed } = await bank.closing('moved-3');
    client.send({ type: 'stop' });
    await client.closed;
    await closed;
    expect(await summary(callId)).toMatchObject({ continuesCallId: first.callId });
    expect(await summary(first.callId)).toMatchObject({ closeReason: 'taken-over' });
    expect(await transfersLeft()).toBe(0);
  });
});
