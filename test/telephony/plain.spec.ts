import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Client } from './client.js';
import { TelephonyServer, tenantId } from './server.js';

const server = new TelephonyServer();
const start = { type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 1 };

beforeAll(() => server.start());
afterAll(() => server.stop());

const open = (): Promise<Client> =>
  Client.open(`${server.url}/v1/telephony/stream`, Client.bearer('telephony'));

async function aCall(fields: object = {}) {
  const client = await open();
  const opened = server.intake.next();
  client.send({ ...start, ...fields });
  const call = await opened;
  await client.message('started');
  return { client, call };
}

describe('a call over /v1/telephony/stream', () => {
  it('arrives at the intake with every byte, in order, and ends with its last result', async () => {
    const { client, call } = await aCall({ results: true, callId: 'ext-1', claimedCustomerId: 'ACC-1' });
    expect(call.description).toMatchObject({
      tenantId,
      protocol: 'plain',
      externalId: 'ext-1',
      claimedCustomer: 'ACC-1',
    });
    const frames = [1, 2, 3].map((value) => Buffer.alloc(320, value));
    for (const frame of frames) client.send(frame);
    client.send({ type: 'stop' });

    expect(await call.closed).toBe('ended');
    expect(await client.closed).toEqual({ code: 1000, reason: 'stopped' });
    expect(call.bytes.equals(Buffer.concat(frames))).toBe(true);
    expect(call.received.map(({ positionMs }) => positionMs)).toEqual([0, 20, 40]);
    expect(client.heard.map(({ type }) => type)).toEqual(['started', 'result', 'stopped']);
    expect(client.heard[0]).toEqual({ type: 'started', callId: call.callId });
    expect(client.heard[1]).toMatchObject({
      callId: call.callId,
      externalId: 'ext-1',
      verification: { state: 'not-claimed' },
    });
  });

  it('loses no frame that comes on the heels of the handshake', async () => {
    const opened = server.intake.next();
    const client = await open();
    client.send(start);
    for (let i = 0; i < 200; i++) client.send(Buffer.alloc(320, i));
    client.send({ type: 'stop' });
    const call = await opened;
    await client.closed;
    expect(call.received).toHaveLength(200);
    expect(call.received.every(({ bytes }, i) => bytes[0] === i % 256)).toBe(true);
  });

  it('tells each changed result while the call goes on', async () => {
    const { client, call } = await aCall({ results: true });
    call.tell({ at: '2026-01-01T00:00:02.000Z' });
    expect(await client.message('result')).toMatchObject({ at: '2026-01-01T00:00:02.000Z' });
    client.hangUp();
    await call.closed;
  });

  it('ends when the socket just goes away', async () => {
    const { client, call } = await aCall();
    client.hangUp();
    expect(await call.closed).toBe('disconnected');
  });

  it('says so when the engine fails, with the last result first', async () => {
    const { client, call } = await aCall({ results: true });
    call.end('engine-failure');
    expect(await client.closed).toMatchObject({ code: 1011 });
    expect(client.heard.map(({ type, code }) => code ?? type)).toEqual([
      'started',
      'result',
      'engine-failure',
    ]);
    expect(await call.closed).toBe('engine-failure');
  });
});

describe('bad input on /v1/telephony/stream', () => {
  type Bad = (client: Client) => void;
  const bad: [string, string, number, Bad][] = [
    [
      'text that is no JSON',
      'not-json',
      1007,
      (client) => {
        client.send('hello');
      },
    ],
    [
      'an unknown field',
      'unknown-field',
      4001,
      (client) => {
        client.send({ ...start, costumer: 1 });
      },
    ],
    [
      'a wrong type',
      'invalid-field',
      4002,
      (client) => {
        client.send({ ...start, ani: 7 });
      },
    ],
    [
      'an unknown message',
      'unknown-type',
      4000,
      (client) => {
        client.send({ type: 'hello' });
      },
    ],
    [
      'stop before start',
      'message-before-start',
      4010,
      (client) => {
        client.send({ type: 'stop' });
      },
    ],
    [
      'a wrong rate',
      'unsupported-format',
      4003,
      (client) => {
        client.send({ ...start, sampleRateHz: 44100 });
      },
    ],
    [
      'a wrong codec',
      'unsupported-format',
      4003,
      (client) => {
        client.send({ ...start, encoding: 'opus' });
      },
    ],
    [
      "stereo without the caller's side",
      'invalid-field',
      4002,
      (client) => {
        client.send({ ...start, channels: 2 });
      },
    ],
    [
      'a text over 64 KiB',
      'oversize-frame',
      1009,
      (client) => {
        client.send(JSON.stringify({ ...start, callId: 'x'.repeat(65_536) }));
      },
    ],
  ];

  it.each(bad)('%s is told, counted and closes that socket alone', async (_, code, closeCode, misbehave) => {
    const before = await server.count('timbre_telephony_errors_total', { protocol: 'plain', code });
    const bystander = await aCall();
    const client = await open();
    misbehave(client);

    expect(await client.closed).toEqual({ code: closeCode, reason: code });
    const error = client.heard.at(-1);
    expect(error).toMatchObject({ type: 'error', code });
    expect(String(error?.['message']).length).toBeGreaterThan(10);
    expect(await server.count('timbre_telephony_errors_total', { protocol: 'plain', code })).toBe(before + 1);

    bystander.client.send(Buffer.alloc(320));
    bystander.client.send({ type: 'stop' });
    expect(await bystander.client.closed).toMatchObject({ code: 1000 });
    expect(bystander.call.received).toHaveLength(1);
  });

  it.each([
    ['an odd byte count for L16', 'partial-frame', 4005, Buffer.alloc(321)],
    ['a second start', 'second-start', 4006, start],
    ['text where binary belongs', 'text-instead-of-binary', 1003, 'AAAA'],
    ['an unknown message', 'unknown-type', 4000, { type: 'pause' }],
  ] as const)('%s is told and counted, and a hundred close the socket', async (_, code, closeCode, frame) => {
    const labels = { protocol: 'plain', code };
    const before = await server.count('timbre_telephony_errors_total', labels);
    const { client, call } = await aCall();
    client.send(frame);
    client.send(Buffer.alloc(320));
    await client.pong();
    expect(client.heard.at(-1)).toMatchObject({ type: 'error', code });
    expect(call.received).toHaveLength(1);
    for (let i = 0; i < 100; i += 1) client.send(frame);
    expect(await client.closed).toEqual({ code: closeCode, reason: code });
    expect(await call.closed).toBe('protocol-error');
    expect(await server.count('timbre_telephony_errors_total', labels)).toBe(before + 101);
  });

  it('names the unknown field', async () => {
    const client = await open();
    client.send({ ...start, costumer: 'x' });
    await client.closed;
    expect(client.heard).toEqual([expect.objectContaining({ code: 'unknown-field', field: 'costumer' })]);
  });

  it('closes with 1009 on audio over 1 MiB in one frame, and counts it', async () => {
    const { client, call } = await aCall();
    client.send(Buffer.alloc(1024 * 1024 + 2));
    expect((await client.closed).code).toBe(1009);
    expect(await call.closed).toBe('protocol-error');
    expect(call.received).toHaveLength(0);
    expect(
      await server.count('timbre_telephony_errors_total', { protocol: 'plain', code: 'oversize-frame' }),
    ).toBeGreaterThan(0);
  });

  it('takes audio of exactly 1 MiB in one frame', async () => {
    const { client, call } = await aCall();
    client.send(Buffer.alloc(1024 * 1024));
    client.send({ type: 'stop' });
    expect((await client.closed).code).toBe(1000);
    expect(call.bytes).toHaveLength(1024 * 1024);
  });

  it('closes with 1007 on text that is not UTF-8', async () => {
    const { client, call } = await aCall();
    client.socket.send(Buffer.of(0xc3, 0x28), { binary: false });
    expect((await client.closed).code).toBe(1007);
    await call.closed;
    expect(await server.count('timbre_telephony_errors_total', { code: 'invalid-text' })).toBe(1);
  });

  it('sends away a socket that never speaks after 5 s', async () => {
    const client = await open();
    server.pass(4999);
    server.pass(1);
    expect(await client.closed).toEqual({ code: 4008, reason: 'start-timeout' });
    expect(client.heard).toEqual([expect.objectContaining({ code: 'start-timeout' })]);
  });

  it('ends a call that sends nothing for 60 s, and leaves one that does', async () => {
    const silent = await aCall({ results: true });
    server.pass(30_000);
    const talking = await aCall();
    server.pass(30_000);
    expect(await silent.call.closed).toBe('silence-timeout');
    expect(await silent.client.closed).toEqual({ code: 4009, reason: 'silence-timeout' });
    expect(silent.client.heard.map(({ type, code }) => code ?? type)).toEqual([
      'started',
      'result',
      'silence-timeout',
    ]);
    talking.client.send({ type: 'stop' });
    expect((await talking.client.closed).code).toBe(1000);
  });
});
