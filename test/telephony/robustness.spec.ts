import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import { parseWav } from '../../src/core/audio/wav.js';
import { CallRegistry } from '../../src/modules/calls/live/call-registry.js';
import { CallStreams } from '../../src/modules/calls/live/call-streams.js';
import { CallSockets } from '../../src/telephony/call-sockets.js';
import { Bank, completed, speech, testSpeed } from '../e2e/bank.js';
import { startApp, type TestApp } from '../support/app.js';
import { Client } from './client.js';

// Real sockets, the real engine, real speech.
const resumeWithinMs = 1500;
let app: TestApp;
let bank: Bank;
let audio: Uint8Array;

beforeAll(async () => {
  app = await startApp({ firstMessageTimeoutMs: 500, resumeWithinMs });
  bank = await Bank.open(app);
  await bank.enrolled('ALLISON', 'allison');
  const wav = parseWav(await readFile(speech('allison', 'call-1')[0] ?? ''));
  if (wav.kind !== 'ok') throw new Error(wav.detail);
  audio = wav.data;
}, 120_000);
afterAll(async () => {
  await app.close();
});

const connect = (): Promise<Client> =>
  Client.open(`${app.url.replace(/^http/, 'ws')}/v1/telephony/stream`, Client.bearer(bank.tokens.telephony));

const bytesPerMs = 16;
const start = { type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 1, results: true };

async function aStream(
  fields: object,
): Promise<{ client: Client; started: Readonly<Record<string, unknown>> }> {
  const client = await connect();
  client.send({ ...start, ...fields });
  return { client, started: await client.message('started') };
}

async function speak(client: Client, fromMs: number, toMs: number, speed = testSpeed): Promise<void> {
  for (let at = fromMs; at < toMs; at += 200) {
    client.send(audio.subarray(at * bytesPerMs, Math.min(at + 200, toMs) * bytesPerMs));
    await pause(200 / speed);
  }
}

const results = (client: Client) =>
  client.heard.filter(({ type }) => type === 'result') as unknown as CallResult[];

async function resultWhere(client: Client, holds: (result: CallResult) => boolean): Promise<CallResult> {
  for (;;) {
    const found = results(client).find(holds);
    if (found) return found;
    await client.next('result');
  }
}

async function finalResult(client: Client): Promise<CallResult> {
  client.send({ type: 'stop' });
  await client.closed;
  const last = results(client).at(-1);
  if (!last) throw new Error('no result came');
  return last;
}

async function everythingStored(): Promise<{ rows: string[] }> {
  const owner = new pg.Client({ connectionString: app.adminUrl });
  await owner.connect();
  const { rows } = await owner.query<{ row: string }>(
    'SELECT to_jsonb(calls)::text AS row FROM calls UNION ALL SELECT to_jsonb(call_events)::text FROM call_events',
  );
  await owner.end();
  return { rows: rows.map(({ row }) => row) };
}

const accountOf = ({ audio: { receivedMs, analysedMs, droppedMs, withheldMs } }: CallResult) => ({
  receivedMs,
  accountedMs: analysedMs + droppedMs + withheldMs,
});

describe('sockets that open and stall', () => {
  it('are sent away, all 200, while a call beside them is verified undisturbed', async () => {
    const call = bank.call(speech('allison', 'call-2'), { customer: 'ALLISON' });
    const stalled = await Promise.all(Array.from({ length: 200 }, connect));
    const ends = await Promise.all(stalled.map(({ closed }) => closed));
    expect(ends).toEqual(Array(200).fill({ code: 4008, reason: 'start-timeout' }));
    expect(completed(await call).result).toMatchObject({
      verification: { state: 'accepted' },
      audio: { droppedMs: 0, lostMs: 0, withheldMs: 0 },
    });
  });
});

describe('a sender faster than real time', () => {
  it('by twice loses nothing', async () => {
    const { client } = await aStream({ claimedCustomerId: 'ALLISON' });
    await speak(client, 0, 5000, 2);
    expect((await finalResult(client)).audio).toMatchObject({ analysedMs: 5000, droppedMs: 0, lostMs: 0 });
  });

  it('past all measure fills a bounded queue, and every dropped millisecond is counted and told', async () => {
    const { client } = await aStream({ claimedCustomerId: 'ALLISON' });
    await resultWhere(client, ({ verification }) => verification.state === 'collecting');
    client.send(audio.subarray(0, 240_000));
    client.send(audio.subarray(240_000));
    const last = await finalResult(client);
    const { receivedMs, accountedMs } = accountOf(last);
    expect(receivedMs).toBeCloseTo(audio.length / bytesPerMs, 3);
    expect(accountedMs).toBeCloseTo(receivedMs, 3);
    expect(last.audio.droppedMs).toBeGreaterThan(1000);
    expect(last.verification.quality).toContain('audio-dropped');
  });
});

describe('a network that drops and comes back', () => {
  it('finds the same call: its claim, its evidence and its place in time go on', async () => {
    const { client: first, started } = await aStream({ callId: 'drop-1', claimedCustomerId: 'ALLISON' });
    await resultWhere(first, ({ verification }) => verification.state === 'collecting');
    await speak(first, 0, 4000);
    const before = await resultWhere(first, ({ verification }) => verification.netSpeechMs > 1500);
    expect(before.verification.state).toBe('collecting');
    const lines = app.app.get(CallStreams, { strict: false }).size;
    first.hangUp();

    const { client, started: again } = await aStream({ callId: 'drop-1' });
    expect(again).toEqual({ type: 'started', callId: started['callId'], resumed: true });
    expect(app.app.get(CallStreams, { strict: false }).size).toBe(lines);
    await speak(client, 4000, 12_000);
    const last = await finalResult(client);
    expect(last.verification.state).toBe('accepted');
    expect(last.claimedCustomerId).toBe(before.claimedCustomerId);
    // Neither stream alone had all of this speech.
    expect(last.audio.receivedMs).toBeCloseTo(12_000, 3);
    const heardAfter = results(client).map(({ verification }) => verification.netSpeechMs);
    expect(Math.min(...heardAfter)).toBeGreaterThanOrEqual(before.verification.netSpeechMs);
    expect(last.verification.span?.startMs).toBeLessThan(4000);
    expect(last.audio.lostMs).toBeGreaterThan(0);
    expect(last.verification.quality).toContain('audio-lost');

    const { body } = await bank.as('agent').get(`/v1/calls/${last.callId}/events`).expect(200);
    const kinds = (body as { events: { kind: string }[] }).events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'result')).toEqual(
      expect.arrayContaining(['opened', 'claimed', 'resumed', 'closed']),
    );
    expect(kinds.filter((kind) => kind === 'opened' || kind === 'closed')).toHaveLength(2);
  });

  it('is resumed before the old socket was missed, which is then told', async () => {
    const { client: first, started } = await aStream({ callId: 'drop-2' });
    const { client: second, started: again } = await aStream({ callId: 'drop-2' });
    expect(again).toMatchObject({ callId: started['callId'], resumed: true });
    expect(await first.closed).toEqual({ code: 4016, reason: 'taken-over' });
    second.send(audio.subarray(0, 3200));
    expect((await finalResult(second)).audio.receivedMs).toBe(200);
  });

  it('finds a new call when it comes back too late, or with another tenant’s token', async () => {
    const { client: first, started } = await aStream({ callId: 'drop-3' });
    const other = await Bank.open(app);
    const stranger = await Client.open(
      `${app.url.replace(/^http/, 'ws')}/v1/telephony/stream`,
      Client.bearer(other.tokens.telephony),
    );
    stranger.send({ ...start, callId: 'drop-3' });
    expect((await stranger.message('started'))['resumed']).toBeUndefined();
    stranger.send({ type: 'stop' });

    const { closed } = await bank.closing('drop-3');
    first.hangUp();
    await closed;
    const { body } = await bank
      .as('agent')
      .get(`/v1/calls/${String(started['callId'])}`)
      .expect(200);
    expect(body).toMatchObject({ closeReason: 'disconnected' });
    const { client, started: again } = await aStream({ callId: 'drop-3' });
    expect(again['resumed']).toBeUndefined();
    expect(again['callId']).not.toBe(started['callId']);
    await finalResult(client);
  });
});

describe('what a platform says of its call', () => {
  it('is shown with the call, its numbers never in clear', async () => {
    const ani = '+15550100777';
    const fields = { ani, direction: 'inbound', attestation: 'B', callId: 'signals' };
    const { client, started } = await aStream(fields);
    await finalResult(client);
    const { body } = await bank
      .as('agent')
      .get(`/v1/calls/${String(started['callId'])}`)
      .expect(200);
    expect(body).toMatchObject({ direction: 'inbound', attestation: 'B', externalId: 'signals' });
    const { rows } = await everythingStored();
    expect(rows.join()).toContain('signals');
    expect(rows.join()).not.toContain(ani.slice(3));
  });

  it('can be that both voices share a channel: then no voiceprint is made of it', async () => {
    const { client, started } = await aStream({ mixed: true, claimedCustomerId: 'ALLISON' });
    const heard = await resultWhere(client, ({ verification }) => verification.state === 'collecting');
    expect(heard).toMatchObject({ channels: 'mixed', verification: { quality: ['mixed-channel'] } });
    const refused = await bank.as('agent').post(`/v1/calls/${String(started['callId'])}/enrolment`);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'urn:timbre:problem:mixed-channel' });
    await finalResult(client);
  });
});

it('holds nothing once every call is over', async () => {
  const get = <T>(part: new (...args: never[]) => T): T => app.app.get(part, { strict: false });
  const { text } = await bank.as('admin').get('/metrics');
  expect(get(CallSockets).size).toBe(0);
  expect(get(CallStreams).size).toBe(0);
  expect(get(CallRegistry).size).toBe(0);
  expect(text).toMatch(/^timbre_engine_streams 0$/m);
});
