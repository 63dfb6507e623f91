import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { parseWav } from '../../src/core/audio/wav.js';
import type { CallResult } from '../../src/core/calls/result.js';
import { startApp, type TestApp } from '../support/app.js';
import { AudiohookClient, external } from '../telephony/audiohook-client.js';
import { Bank, speech, testSpeed } from './bank.js';

// Real speech, the shipped model, a real PostgreSQL and real sockets.
const signing = { apiKey: 'genesys-production', clientSecret: randomBytes(32).toString('base64') };
const media = [{ ...external, format: 'L16' }];
const bytesPerMs = 16;
let app: TestApp;
let bank: Bank;
let audio: Uint8Array;

beforeAll(async () => {
  app = await startApp();
  bank = await Bank.open(app);
  await bank.enrolled('ALLISON', 'allison');
  const credential = { protocol: 'audiohook', ...signing };
  await bank.as('admin').post('/v1/telephony-credentials').send(credential).expect(201);
  const wav = parseWav(await readFile(speech('allison', 'call-1')[0] ?? ''));
  if (wav.kind !== 'ok') throw new Error(wav.detail);
  audio = wav.data;
}, 120_000);
afterAll(() => app.close());

const connect = (): Promise<AudiohookClient> =>
  AudiohookClient.connect(`${app.url.replace(/^http/, 'ws')}/v1/telephony/audiohook`, signing);

/** Faster than talking, as the other e2e tests. */
async function speak({ client }: AudiohookClient, fromMs: number, toMs: number): Promise<void> {
  for (let at = fromMs; at < toMs; at += 200) {
    client.send(audio.subarray(at * bytesPerMs, Math.min(at + 200, toMs) * bytesPerMs));
    await pause(200 / testSpeed);
  }
}

interface Call {
  readonly callId: string;
  readonly externalId: string;
  readonly closeReason: string | null;
  readonly result: CallResult;
}

async function callsOf(conversationId: string): Promise<Call[]> {
  const { body } = await bank.as('agent').get('/v1/calls').expect(200);
  return (body as { calls: Call[] }).calls.filter(({ externalId }) => externalId === conversationId);
}

describe('a Genesys conversation', () => {
  it('goes on with its evidence when its session reconnects', async () => {
    const conversationId = randomUUID();
    const customConfig = { customerId: 'ALLISON' };
    const { closed } = await bank.closing(conversationId);
    const wholeMs = Math.floor(audio.length / bytesPerMs / 200) * 200;

    const old = await connect();
    await old.open({ conversationId, media, customConfig });
    await speak(old, 0, 4000);
    await old.close('reconnect');
    const anew = await connect();
    const continuedSessions = [{ id: old.sessionId, serverseq: 2, clientseq: 2 }];
    await anew.open({ conversationId, media, customConfig, continuedSessions });
    await speak(anew, 4000, wholeMs);
    await anew.close('end');
    await closed;

    const calls = await callsOf(conversationId);
    expect(calls).toHaveLength(1);
    const { result, closeReason } = calls[0]!;
    expect(closeReason).toBe('ended');
    expect(result.verification.state).toBe('accepted');
    expect(result.audio.receivedMs).toBeCloseTo(wholeMs, 0);
    // Neither session had enough of it alone.
    expect(result.firstDecision?.streamMs).toBeGreaterThan(4000);
    expect(result.firstDecision?.streamMs).toBeLessThan(
      4000 + result.verification.minNetSpeechMs + result.audio.lostMs,
    );
  });

  it('hands an Architect flow the verdict over its Audio Connector as soon as the voice is decided on, and not later', async () => {
    const conversationId = randomUUID();
    const { closed } = await bank.closing(conversationId);
    const outcome = await bank.call(speech('allison', 'call-1', 'call-2'), {
      ...{ url: `${app.url.replace(/^http/, 'ws')}/v1/telephony/audiohook`, callId: conversationId },
      ...{
        protocol: { kind: 'audiohook', ...signing, connector: true },
        customer: 'ALLISON',
        speed: testSpeed,
      },
    });
    await closed;
    const [call] = await callsOf(conversationId);
    expect(outcome).toMatchObject({
      kind: 'completed',
      verdict: {
        timbreState: 'accepted',
        timbreReason: 'evidence-above-accept-threshold',
        timbreAgentState: 'verified',
        timbreCallId: call?.callId,
      },
    });
    // The rest of the caller's minute was not waited for.
    expect(call?.result.audio.receivedMs).toBeLessThan(30_000);
    expect(call?.closeReason).toBe('ended');
  });

  it('lets the flow of somebody without a voiceprint go on at once', async () => {
    await bank.customer('NOBODY-KNOWS');
    const conversationId = randomUUID();
    const genesys = await connect();
    await genesys.open({ conversationId, media, inputVariables: { customerId: 'NOBODY-KNOWS' } });
    expect(await genesys.client.message('disconnect')).toMatchObject({
      parameters: { reason: 'completed', outputVariables: { timbreState: 'no-consent' } },
    });
    await genesys.close('disconnect');
  });

  it('never resumes another conversation’s call, whatever session it names', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const { closed } = await bank.closing(other);
    const old = await connect();
    await old.open({ conversationId: one, media });
    const anew = await connect();
    const continuedSessions = [{ id: old.sessionId, serverseq: 1, clientseq: 1 }];
    await anew.open({ conversationId: other, media, continuedSessions });
    await anew.close('end');
    await closed;
    expect(await callsOf(one)).toHaveLength(1);
    expect(await callsOf(other)).toHaveLength(1);
    await old.close('end');
  });
});
