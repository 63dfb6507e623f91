import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClientOptions } from 'ws';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import { Client } from './client.js';
import { TelephonyServer, tenantId, twilioCredential } from './server.js';

const { accountSid, authToken } = twilioCredential;
const server = new TelephonyServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const url = (): string => `${server.url}/v1/telephony/twilio`;
const signed = (token: string, over: string): ClientOptions => ({
  headers: { 'X-Twilio-Signature': getExpectedTwilioSignature(token, over, {}) },
});
const good = signed(authToken, 'wss://timbre.example.com/v1/telephony/twilio');

const connected = { event: 'connected', protocol: 'Call', version: '1.0.0' };
const start = {
  event: 'start',
  sequenceNumber: '1',
  streamSid: 'MZ1',
  start: {
    streamSid: 'MZ1',
    accountSid,
    callSid: 'CA1',
    tracks: ['inbound', 'outbound'],
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
    customParameters: { customerId: 'ACC-1', from: '+15550100', to: '+15550199' },
  },
};
const stop = { event: 'stop', sequenceNumber: '9', streamSid: 'MZ1', stop: { accountSid, callSid: 'CA1' } };
const media = (
  track: string,
  chunk: number,
  timestamp: number,
  payload = Buffer.alloc(160, chunk).toString('base64'),
) => ({
  event: 'media',
  sequenceNumber: String(chunk + 1),
  streamSid: 'MZ1',
  media: { track, chunk: String(chunk), timestamp: String(timestamp), payload },
});

async function aCall() {
  const client = await Client.open(url(), good);
  const opened = server.intake.next();
  client.send(connected);
  client.send(start);
  return { client, call: await opened };
}

describe('a call over /v1/telephony/twilio', () => {
  it("arrives at the intake: both sides' audio, gaps and the claim, and nothing is ever sent back", async () => {
    const { client, call } = await aCall();
    expect(call.description).toMatchObject({
      tenantId,
      protocol: 'twilio',
      externalId: 'CA1',
      claimedCustomer: 'ACC-1',
      ani: '+15550100',
      dnis: '+15550199',
      format: { encoding: 'mulaw', channels: 2, callerChannel: 0 },
    });
    client.send(media('outbound', 1, 0, Buffer.alloc(160, 7).toString('base64')));
    client.send(media('inbound', 1, 0));
    client.send(media('inbound', 2, 20));
    client.send(media('inbound', 2, 20));
    client.send({ event: 'dtmf', streamSid: 'MZ1', dtmf: { track: 'inbound_track', digit: '1' } });
    client.send(media('inbound', 3, 540));
    call.tell({});
    client.send(stop);

    expect(await call.closed).toBe('ended');
    expect(await client.closed).toEqual({ code: 1000, reason: 'stopped' });
    // The caller on the first channel; the agent, heard once, on the second.
    const silent = 0xff;
    const samples = [
      [1, 7],
      [2, silent],
      [3, silent],
    ].map((pair) => Buffer.alloc(320, Buffer.from(pair)));
    expect(call.bytes.equals(Buffer.concat(samples))).toBe(true);
    expect(call.received.map(({ positionMs }) => positionMs)).toEqual([0, 20, 540]);
    expect(call.lostMs).toEqual([500]);
    expect(client.heard).toEqual([]);
    expect(
      await server.count('timbre_telephony_errors_total', { protocol: 'twilio', code: 'late-chunk' }),
    ).toBe(1);
  });

  it('ends when Twilio goes away', async () => {
    const { client, call } = await aCall();
    client.hangUp();
    expect(await call.closed).toBe('disconnected');
  });
});

describe('an upgrade to /v1/telephony/twilio', () => {
  it.each<[string, ClientOptions]>([
    ['no signature', {}],
    ['a bearer token instead', Client.bearer('telephony')],
    ['a signature of another token', signed('f'.repeat(32), 'wss://timbre.example.com/v1/telephony/twilio')],
    ['a signature over another URL', signed(authToken, 'wss://other.example.com/v1/telephony/twilio')],
  ])('with %s is refused with 401', async (_, options) => {
    expect((await Client.refused(url(), options)).status).toBe(401);
  });

  it('is refused with 503 where the public URL is not configured', async () => {
    const unconfigured = await new TelephonyServer().start({ publicUrl: undefined });
    const refused = await Client.refused(`${unconfigured.url}/v1/telephony/twilio`, good);
    expect(refused).toMatchObject({
      status: 503,
      body: { title: expect.stringContaining('TIMBRE_PUBLIC_URL') as unknown },
    });
    await unconfigured.stop();
  });
});

describe('bad input on /v1/telephony/twilio', () => {
  type Bad = (client: Client) => void;
  const begin: Bad = (client) => {
    client.send(connected);
    client.send(start);
  };
  const account = { ...start, start: { ...start.start, accountSid: 'ACffffffffffffffffffffffffffffffff' } };
  const codec = {
    ...start,
    start: { ...start.start, mediaFormat: { encoding: 'audio/l16', sampleRate: 8000, channels: 1 } },
  };
  const bad: [string, string, number, Bad][] = [
    [
      'another account',
      'account-mismatch',
      1008,
      (client) => {
        client.send(connected);
        client.send(account);
      },
    ],
    [
      'another codec',
      'unsupported-format',
      4003,
      (client) => {
        client.send(connected);
        client.send(codec);
      },
    ],
    [
      'a message over 64 KiB',
      'oversize-frame',
      1009,
      (client) => {
        begin(client);
        client.send(media('inbound', 1, 0, 'A'.repeat(65_536)));
      },
    ],
  ];

  it.each(bad)(
    '%s is counted and closes that socket alone, without a word',
    async (_, code, closeCode, misbehave) => {
      const before = await server.count('timbre_telephony_errors_total', { protocol: 'twilio', code });
      const bystander = await aCall();
      const client = await Client.open(url(), good);
      misbehave(client);

      expect(await client.closed).toEqual({ code: closeCode, reason: code });
      expect(client.heard).toEqual([]);
      expect(await server.count('timbre_telephony_errors_total', { protocol: 'twilio', code })).toBe(
        before + 1,
      );

      bystander.client.send(media('inbound', 1, 0));
      bystander.client.send(stop);
      expect((await bystander.client.closed).code).toBe(1000);
      expect(bystander.call.received).toHaveLength(1);
    },
  );

  it.each([
    ['text that is no JSON', 'not-json', 1007, 'hello'],
    ['a binary frame', 'binary-instead-of-text', 1003, Buffer.alloc(160)],
    ['a second start', 'second-start', 4006, start],
    ['a payload that is not base64', 'invalid-payload', 4007, media('inbound', 1, 0, '****')],
    ['media without a payload', 'invalid-field', 4002, { event: 'media', media: { track: 'inbound' } }],
  ] as const)(
    '%s is dropped and counted, and a hundred close the socket',
    async (_, code, closeCode, frame) => {
      const labels = { protocol: 'twilio', code };
      const before = await server.count('timbre_telephony_errors_total', labels);
      const { client, call } = await aCall();
      client.send(frame);
      client.send(media('inbound', 1, 0));
      await client.pong();
      expect(call.received).toHaveLength(1);
      for (let i = 0; i < 100; i += 1) client.send(frame);
      expect(await client.closed).toEqual({ code: closeCode, reason: code });
      expect(await call.closed).toBe('protocol-error');
      expect(client.heard).toEqual([]);
      expect(await server.count('timbre_telephony_errors_total', labels)).toBe(before + 101);
    },
  );

  it('a socket that never starts is closed after 5 s, a call that falls silent after 60 s', async () => {
    const mute = await Client.open(url(), good);
    server.pass(5000);
    expect(await mute.closed).toEqual({ code: 4008, reason: 'start-timeout' });
    const { client, call } = await aCall();
    const before = server.intake.calls.length;
    server.pass(60_000);
    expect(await call.closed).toBe('silence-timeout');
    expect(server.intake.calls).toHaveLength(before);
    expect(await client.closed).toEqual({ code: 4009, reason: 'silence-timeout' });
  });
});
