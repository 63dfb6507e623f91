import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import pg from 'pg';
import request from 'supertest';

import { CALL_INTAKE } from '../../src/core/calls/intake.js';
import type { TenantId } from '../../src/core/ids.js';
import { telephonyCredentialsEntities } from '../../src/modules/installation/credentials/telephony-credentials.entities.js';
import { TelephonyCredentialsModule } from '../../src/modules/installation/credentials/telephony-credentials.module.js';
import { TelephonyModule } from '../../src/telephony/telephony.module.js';
import { streamCall } from '../../tools/call/stream-call.js';
import { startServer, type TestServer } from '../support/app.js';
import { aConversation, AudiohookClient, organizationId, signed, type Signing } from './audiohook-client.js';
import { Client } from './client.js';
import { FakeIntake } from './fake-intake.js';
import { nextFact } from '../support/facts.js';

const nil = '00000000-0000-0000-0000-000000000000';
const aSecret = (): string => randomBytes(32).toString('base64');
const key: Signing & { apiKey: string } = { apiKey: 'genesys-production', clientSecret: aSecret() };
const intake = new FakeIntake();

@Global()
@Module({ providers: [{ provide: CALL_INTAKE, useValue: intake }], exports: [CALL_INTAKE] })
class Intake {}

/** Processes of one installation: they share nothing but PostgreSQL. */
let first: TestServer;
let second: TestServer;
let tenantId: TenantId;
let admin: string;

const aProcess = (beside?: TestServer): Promise<TestServer> =>
  startServer({
    modules: [Intake, TelephonyCredentialsModule, TelephonyModule],
    entities: telephonyCredentialsEntities,
    ...(beside && { beside }),
  });
const urlOf = (server: TestServer): string => `${server.url.replace('http', 'ws')}/v1/telephony/audiohook`;

async function register(token: string, { apiKey, clientSecret }: Signing, status = 201): Promise<string> {
  const { body } = await request(first.url)
    .post('/v1/telephony-credentials')
    .auth(token, { type: 'bearer' })
    .send({ protocol: 'audiohook', apiKey, clientSecret })
    .expect(status);
  return (body as { credentialId: string }).credentialId;
}

const revoke = (token: string, credentialId: string) =>
  request(first.url)
    .delete(`/v1/telephony-credentials/${credentialId}`)
    .auth(token, { type: 'bearer' })
    .expect(204);

beforeAll(async () => {
  first = await aProcess();
  tenantId = await first.makeTenant();
  admin = await first.makeToken(tenantId, 'admin');
  await register(admin, key);
  second = await aProcess(first);
}, 60_000);
afterAll(async () => {
  await second.close();
  await first.close();
});

async function expectRefusal(url: string, signing: Signing, status: number, title: string): Promise<void> {
  const refused = await Client.refused(url, signed(url, signing));
  expect(refused).toMatchObject({ status, type: 'application/problem+json', body: { title } });
  expect(refused.authenticate).toBe(status === 401 ? 'Signature' : undefined);
}

describe('an AudioHook upgrade', () => {
  it('is refused with 401 when nothing signs it, and asks for a signature', async () => {
    const refused = await Client.refused(urlOf(first));
    expect(refused).toMatchObject({ status: 401, authenticate: 'Signature' });
  });

  it.each<[string, Partial<Signing>, string]>([
    ['by an unknown key', { apiKey: 'not-registered' }, 'The signature does not fit any known API key'],
    ['with another secret', { clientSecret: aSecret() }, 'The signature does not fit any known API key'],
    ['for another host', { host: 'example.com' }, 'The signature does not fit any known API key'],
    ['for another path', { target: '/v1/telephony/twilio' }, 'The signature does not fit any known API key'],
    ['without the host', { uncovered: '@authority' }, 'The signature does not cover all that it must'],
    ['without the path', { uncovered: '@request-target' }, 'The signature does not cover all that it must'],
    [
      'without the session',
      { uncovered: 'audiohook-session-id' },
      'The signature does not cover all that it must',
    ],
    ['without the API key', { uncovered: 'x-api-key' }, 'The signature does not cover all that it must'],
    ['20 s ago', { created: -20 }, 'The signature has expired'],
    ['until a second ago', { expires: -2 }, 'The signature has expired'],
    ['in the future', { created: 60, expires: 70 }, 'The signature comes from the future'],
    ['with a short nonce', { params: { nonce: '"c2hvcnQ="' } }, 'The nonce has a wrong length'],
    [
      'without a nonce',
      { params: { nonce: undefined } },
      'One Signature with its Signature-Input is required',
    ],
    [
      'with another algorithm',
      { params: { alg: '"rsa-v1_5-sha256"' } },
      'One Signature with its Signature-Input is required',
    ],
    ['for another key', { params: { keyid: '"other-key"' } }, 'X-API-KEY and keyid must be the same'],
  ])('signed %s is refused with 401', async (_how, changed, title) => {
    await expectRefusal(urlOf(first), { ...key, ...changed }, 401, title);
  });

  it.each([
    ['2 s ahead', { created: 2, expires: 12 }],
    ['5 s behind', { created: -5, expires: 5 }],
  ])('is taken from a clock that is %s', async (_how, times) => {
    (await AudiohookClient.connect(urlOf(first), { ...key, ...times })).client.hangUp();
  });

  it('is refused when its session id was changed on the way', async () => {
    const options = signed(urlOf(first), key);
    options.headers['audiohook-session-id'] = randomUUID();
    expect((await Client.refused(urlOf(first), options)).status).toBe(401);
  });

  it('is refused when another process has seen its nonce', async () => {
    const { host } = new URL(urlOf(first));
    const options = signed(urlOf(first), key);
    (await Client.open(urlOf(first), options)).hangUp();
    // Replayed against the other process, under the host that it was signed for.
    const replay = await Client.refused(urlOf(second), { headers: { ...options.headers, host } });
    expect(replay).toMatchObject({ status: 401, body: { title: 'The nonce has been used before' } });
  });
});

describe('an API key', () => {
  it('is rotated on all processes without losing a call: two secrets are in force until one is revoked', async () => {
    const older = { apiKey: 'genesys-rotated', clientSecret: aSecret() };
    const newer = { ...older, clientSecret: aSecret() };
    const credentialId = await register(admin, older);
    await register(admin, newer);
    for (const secret of [older, newer])
      (await AudiohookClient.connect(urlOf(first), secret)).client.hangUp();
    const told = nextFact(second.app, ({ action }) => action === 'telephony-credential-revoked');
    await revoke(admin, credentialId);
    await told;
    for (const process of [first, second]) {
      await expectRefusal(urlOf(process), older, 401, 'The signature does not fit any known API key');
      (await AudiohookClient.connect(urlOf(process), newer)).client.hangUp();
    }
  });

  it('is listed by its name, without its secret', async () => {
    const { body, text } = await request(first.url)
      .get('/v1/telephony-credentials')
      .auth(admin, { type: 'bearer' })
      .expect(200);
    const { credentials } = body as { credentials: object[] };
    expect(credentials).toContainEqual({
      credentialId: expect.any(String),
      protocol: 'audiohook',
      apiKey: key.apiKey,
      createdAt: expect.any(String),
    });
    expect(text).not.toContain(key.clientSecret);
  });

  it('belongs to one tenant: another gets 409 until it is free', async () => {
    const theirs = await first.makeToken(await first.makeTenant(), 'admin');
    const shared = { apiKey: 'genesys-shared', clientSecret: aSecret() };
    const mine = [
      await register(admin, shared),
      await register(admin, { ...shared, clientSecret: aSecret() }),
    ];
    await register(theirs, { ...shared, clientSecret: aSecret() }, 409);
    await revoke(admin, mine[0] ?? '');
    await register(theirs, shared, 409);
    await revoke(admin, mine[1] ?? '');
    const credentialId = await register(theirs, shared);
    await register(admin, shared, 409);
    (await AudiohookClient.connect(urlOf(first), shared)).client.hangUp();
    await revoke(theirs, credentialId);
  });

  it('that two tenants have all the same is refused with 403, whoever signed', async () => {
    const shared = { apiKey: 'genesys-contested', clientSecret: aSecret() };
    await register(admin, shared);
    const owner = new pg.Client({ connectionString: first.postgres.adminUrl });
    await owner.connect();
    await owner.query('DELETE FROM audiohook_api_keys WHERE api_key = $1', [shared.apiKey]);
    await owner.end();
    const stranger = await first.makeToken(await first.makeTenant(), 'admin');
    await register(stranger, { ...shared, clientSecret: aSecret() });
    await expectRefusal(urlOf(first), shared, 403, 'This API key is registered by more than one tenant');
  });

  it.each([
    ['apiKey', { apiKey: 'with space', clientSecret: aSecret() }],
    ['apiKey', { apiKey: 'q"uoted-key', clientSecret: aSecret() }],
    ['apiKey', { clientSecret: aSecret() }],
    ['clientSecret', { apiKey: 'genesys-2', clientSecret: 'no base64 at all, is it?' }],
    ['clientSecret', { apiKey: 'genesys-2', clientSecret: randomBytes(8).toString('base64') }],
    ['clientSecret', { apiKey: 'genesys-2' }],
    ['accountSid', { apiKey: 'genesys-2', clientSecret: aSecret(), accountSid: 'AC1' }],
  ])('with a wrong %s is refused, naming it', async (field, body) => {
    const refused = await request(first.url)
      .post('/v1/telephony-credentials')
      .auth(admin, { type: 'bearer' })
      .send({ protocol: 'audiohook', ...body })
      .expect(400);
    const { errors } = refused.body as { errors: { field: string }[] };
    expect(errors.map((error) => error.field)).toEqual([field]);
  });
});

describe('a call over /v1/telephony/audiohook', () => {
  it('reaches the tenant whose key signed it, with its pauses and what is missing', async () => {
    const opened = intake.next();
    const genesys = await AudiohookClient.connect(urlOf(first), key);
    expect(await genesys.open({ customConfig: { customerId: 'ACC-1' } })).toMatchObject({ seq: 1 });
    const call = await opened;
    expect(call.description).toMatchObject({ tenantId, protocol: 'audiohook', claimedCustomer: 'ACC-1' });
    genesys.client.send(new Uint8Array(3200));
    genesys.say('paused');
    genesys.say('resumed', { start: 'PT0.2S', discarded: 'PT5S' });
    genesys.client.send(new Uint8Array(3200));
    genesys.say('discarded', { start: 'PT5.4S', discarded: 'PT1S' });
    genesys.say('ping');
    expect(await genesys.client.message('pong')).toMatchObject({ clientseq: 5 });
    await genesys.close('end');
    expect(call.received.map(({ positionMs }) => positionMs)).toEqual([0, 5200]);
    expect(call.lostMs).toEqual([5000, 1000]);
    expect(await call.closed).toBe('ended');
  });

  it('takes the claim from the query of the signed URL, never from a header that nobody signed', async () => {
    const url = `${urlOf(first)}?customerId=ACC-1`;
    const { headers } = signed(url, key);
    const claimed = intake.next();
    const client = await Client.open(url, { headers: { ...headers, 'timbre-customer-id': 'ACC-9' } });
    AudiohookClient.over(client, headers).say('open', aConversation());
    expect((await claimed).description.claimedCustomer).toBe('ACC-1');
    client.hangUp();

    const plain = signed(urlOf(first), key);
    const unclaimed = intake.next();
    const header = await Client.open(urlOf(first), {
      headers: { ...plain.headers, 'timbre-customer-id': 'ACC-9' },
    });
    AudiohookClient.over(header, plain.headers).say('open', aConversation());
    expect((await unclaimed).description.claimedCustomer).toBeUndefined();
    header.hangUp();
  });

  it('is none when Genesys only checks the connection', async () => {
    const before = intake.calls.length;
    const genesys = await AudiohookClient.connect(urlOf(first), key);
    const participant = { id: nil, ani: '', aniName: '', dnis: '' };
    await genesys.open({ conversationId: nil, participant });
    await genesys.close('end');
    expect(intake.calls).toHaveLength(before);
  });

  const code = (name: string): string => `timbre_telephony_errors_total{protocol="audiohook",code="${name}"}`;

  it.each<[string, (genesys: AudiohookClient) => void, string]>([
    [
      'audio in a pause',
      ({ client }) => {
        client.send(new Uint8Array(320));
      },
      'audio-while-paused',
    ],
    [
      'a gap',
      (genesys) => {
        genesys.say('ping', {}, { seq: 9 });
      },
      'sequence-gap',
    ],
    [
      "another session's id",
      (genesys) => {
        genesys.say('ping', {}, { id: nil });
      },
      'wrong-session',
    ],
    [
      'another version',
      (genesys) => {
        genesys.say('ping', {}, { version: '1' });
      },
      'wrong-version',
    ],
    [
      'what is no message',
      ({ client }) => {
        client.send('{');
      },
      'not-json',
    ],
    [
      'an event that is new',
      (genesys) => {
        genesys.say('sentiment', {});
      },
      'unknown-event',
    ],
  ])('lives through %s, which is counted', async (_what, act, name) => {
    const opened = intake.next();
    const genesys = await AudiohookClient.connect(urlOf(first), key);
    await genesys.open();
    genesys.say('paused');
    act(genesys);
    await genesys.client.pong();
    expect(genesys.client.heard.map(({ type }) => type)).not.toContain('disconnect');
    expect(await first.parts.registry.metrics()).toContain(code(name));
    genesys.client.hangUp();
    expect(await (await opened).closed).toBe('disconnected');
  });

  it('is disconnected over a message too long, and is counted', async () => {
    const opened = intake.next();
    const genesys = await AudiohookClient.connect(urlOf(first), key);
    await genesys.open();
    genesys.client.send('x'.repeat(65 * 1024));
    const { parameters } = await genesys.client.message('disconnect');
    const info = expect.stringContaining('413 oversize-frame') as unknown;
    expect(parameters).toMatchObject({ reason: 'error', info });
    expect(await (await opened).closed).toBe('protocol-error');
    expect(await first.parts.registry.metrics()).toContain(code('oversize-frame'));
    genesys.client.hangUp();
  });

  it('names the session that a later one may continue', async () => {
    const conversationId = randomUUID();
    const opened = intake.next();
    const old = await AudiohookClient.connect(urlOf(first), key);
    await old.open({ conversationId });
    await old.close('reconnect');
    const { description } = await opened;
    const continued = intake.next();
    const anew = await AudiohookClient.connect(urlOf(first), key);
    const continuedSessions = [{ id: old.sessionId, serverseq: 2, clientseq: 2 }];
    await anew.open({ conversationId, continuedSessions, organizationId });
    expect((await continued).description.resumes).toEqual([description.streamKey]);
    anew.client.hangUp();
  });
});

describe('a call that timbre-call plays over AudioHook', () => {
  let folder: string;
  let wav: string;
  let front: Server;
  let behind: TestServer;
  let going: TestServer | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'timbre-audiohook-'));
    wav = join(folder, 'call.wav');
    await writeFile(wav, aWav(8000 * 4));
    // A load balancer: one address, whichever process is behind it.
    front = createServer((socket) => {
      const through = connect(Number(new URL(behind.url).port), '127.0.0.1');
      socket.pipe(through).pipe(socket);
      for (const end of [socket, through]) end.on('error', () => end.destroy());
    }).listen(0, '127.0.0.1');
    await once(front, 'listening');
  });
  afterAll(async () => {
    await going?.close();
    front.close();
    await rm(folder, { recursive: true });
  });

  const play = (speed: number, onSent?: (sentMs: number) => void) =>
    streamCall(
      {
        files: [wav],
        url: `ws://127.0.0.1:${String((front.address() as AddressInfo).port)}/v1/telephony/audiohook`,
        protocol: { kind: 'audiohook', apiKey: key.apiKey, clientSecret: key.clientSecret },
        speed,
        stereo: true,
        customer: 'ACC-1',
      },
      onSent ? { onSent } : {},
    );

  it('arrives whole and ends with closed', async () => {
    behind = second;
    const opened = intake.next();
    const outcome = await play(0);
    const call = await opened;
    expect(outcome).toMatchObject({ kind: 'completed', sentMs: 4000 });
    expect(call.description).toMatchObject({
      claimedCustomer: 'ACC-1',
      format: { channels: 2, callerChannel: 0 },
    });
    expect(call.bytes).toHaveLength(64_000);
    expect(await call.closed).toBe('ended');
  });

  it('is asked to reconnect when its process shuts down, and goes on with the next one', async () => {
    const { parts } = (behind = going = await aProcess(first));
    const before = intake.calls.length;
    let shutdown: Promise<unknown> | undefined;
    const outcome = await play(4, (sentMs) => {
      if (sentMs < 1000 || shutdown) return;
      behind = second;
      shutdown = parts.shutdown.run(5000);
    });
    await shutdown;
    expect(outcome).toMatchObject({ kind: 'completed', sentMs: 4000 });
    const [old, anew] = intake.calls.slice(before);
    expect(await old?.closed).toBe('shutdown');
    expect(await anew?.closed).toBe('ended');
    expect(anew?.description.resumes).toEqual([old?.description.streamKey]);
    expect(anew?.description.externalId).toBe(old?.description.externalId);
    // What was on its way when the old process let go is lost; the rest is not sent twice.
    const heard = (old?.bytes.length ?? 0) + (anew?.bytes.length ?? 0);
    expect(heard).toBeLessThanOrEqual(64_000);
    expect(heard).toBeGreaterThan(56_000);
  });
});

/** Silence, 16-bit, 8 kHz, one channel. */
function aWav(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples * 2, 40);
  return Buffer.concat([header, Buffer.alloc(samples * 2)]);
}
