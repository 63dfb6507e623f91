import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClientOptions } from 'ws';

import { Client } from './client.js';
import type { FakeCall } from './fake-intake.js';
import { changed, hellos } from './hello.js';
import { TelephonyServer, tenantId } from './server.js';

const server = new TelephonyServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const jambonz = (): string => `${server.url}/v1/telephony/jambonz`;
const freeswitch = (query = '?rate=16000&mix=mono'): string =>
  `${server.url}/v1/telephony/freeswitch${query}`;
const vonage = (): string => `${server.url}/v1/telephony/vonage`;
const asterisk = (query = ''): string => `${server.url}/v1/telephony/asterisk${query}`;

function basic(password: string, user = 'timbre'): ClientOptions {
  const credentials = Buffer.from(`${user}:${password}`).toString('base64');
  return { headers: { authorization: `Basic ${credentials}` } };
}

const mediaStart =
  'MEDIA_START connection_id:m1 channel:WebSocket/m1/0x7f channel_id:17.1 format:slin16 ptime:20';

const platforms = [
  {
    name: 'jambonz',
    url: jambonz,
    admission: basic('telephony'),
    subprotocol: 'audio.jambonz.org',
    hello: changed(hellos.jambonz, { customerId: 'ACC-1', mixType: 'mono' }),
    described: { protocol: 'jambonz', externalId: hellos.jambonz.callSid, claimedCustomer: 'ACC-1' },
  },
  {
    name: 'freeswitch',
    url: () => freeswitch('?rate=8k&mix=mono&customerId=ACC-1'),
    admission: basic('telephony'),
    subprotocol: 'audio.drachtio.org',
    hello: '{"callId":"u-1"}',
    described: { protocol: 'freeswitch', externalId: 'u-1', claimedCustomer: 'ACC-1' },
  },
  {
    name: 'vonage',
    url: vonage,
    admission: Client.bearer('telephony'),
    subprotocol: undefined,
    hello: changed(hellos.vonage, { callId: 'CON-1', customerId: 'ACC-1' }),
    described: { protocol: 'vonage', externalId: 'CON-1', claimedCustomer: 'ACC-1', mixed: true },
  },
  {
    name: 'asterisk',
    url: () => asterisk('?customerId=ACC%2D1&mix=mono'),
    admission: basic('telephony'),
    subprotocol: 'media',
    hello: mediaStart,
    described: { protocol: 'asterisk', externalId: '17.1', claimedCustomer: 'ACC-1' },
  },
] as const;

type Platform = (typeof platforms)[number];

async function aCall({
  url,
  admission,
  subprotocol,
  hello,
}: Platform): Promise<{ client: Client; call: FakeCall }> {
  const opened = server.intake.next();
  const client = await Client.open(url(), admission, subprotocol === undefined ? [] : [subprotocol]);
  client.send(hello);
  return { client, call: await opened };
}

describe.each(platforms)('a stream of $name', (platform) => {
  it('is taken in its own subprotocol, described, heard, and never answered', async () => {
    const { client, call } = await aCall(platform);
    expect(client.socket.protocol).toBe(platform.subprotocol ?? '');
    expect(call.description).toMatchObject({ tenantId, ...platform.described });
    const first = Buffer.from(Array.from({ length: 320 }, (_, i) => i % 256));
    client.send(first);
    client.send(Buffer.alloc(320));
    client.socket.close(1000);
    expect(await call.closed).toBe('ended');
    expect(call.bytes).toEqual(Buffer.concat([first, Buffer.alloc(320)]));
    expect(call.received).toHaveLength(2);
    await client.closed;
    expect(client.heard).toEqual([]);
  });

  it('whose connection breaks was not hung up', async () => {
    const { client, call } = await aCall(platform);
    client.hangUp();
    expect(await call.closed).toBe('disconnected');
  });

  it('is told by the close code that Timbre ends the call', async () => {
    const { client, call } = await aCall(platform);
    call.end('engine-failure');
    expect(await client.closed).toEqual({ code: 1011, reason: 'engine-failure' });
    expect(await call.closed).toBe('engine-failure');
  });

  it.each([
    ['nothing', {}, 401],
    ['an unknown token', Client.bearer('unknown'), 401],
    ['an unknown password', basic('unknown'), 401],
    ['no password', basic(''), 401],
    ['a token for a user name', basic('', 'telephony'), 401],
    ['another role', basic('agent'), 403],
    ['an authenticator that fails', basic('broken'), 503],
  ])('is refused with %s', async (_, options, status) => {
    expect((await Client.refused(platform.url(), options)).status).toBe(status);
  });

  it.each([
    ['a bearer token', Client.bearer('telephony')],
    ['the token as a password, whoever the user', basic('telephony', '')],
  ])('is admitted with %s', async (_, options) => {
    const client = await Client.open(platform.url(), options);
    client.hangUp();
    await client.closed;
  });

  it('may offer no subprotocol', async () => {
    const client = await Client.open(platform.url(), platform.admission);
    expect(client.socket.protocol).toBe('');
    client.hangUp();
  });

  it('is sent away when it says nothing for 5 s', async () => {
    const client = await Client.open(platform.url(), platform.admission);
    server.pass(5000);
    expect(await client.closed).toEqual({ code: 4008, reason: 'start-timeout' });
  });
});

describe('a subprotocol', () => {
  it('is chosen among several, and never a token', async () => {
    const offered = ['bearer.telephony', 'chat', 'audio.jambonz.org'];
    const client = await Client.open(jambonz(), {}, offered);
    expect(client.socket.protocol).toBe('audio.jambonz.org');
    client.hangUp();
  });

  it('of another platform is not taken', async () => {
    const opening = Client.open(asterisk(), basic('telephony'), ['audio.drachtio.org']);
    // The client's own verdict on a server that chose none: what Timbre does is to go on without.
    await expect(opening).rejects.toThrow('Server sent no subprotocol');
  });
});

describe('bad input', () => {
  const bad: [string, () => string, (string | Buffer)[], number, string][] = [
    [
      'a rate not taken',
      jambonz,
      [changed(hellos.jambonz, { sampleRate: 64000 })],
      4003,
      'unsupported-format',
    ],
    [
      'a format not taken',
      asterisk,
      [changed(hellos.asterisk, { format: 'opus' })],
      4003,
      'unsupported-format',
    ],
    ['a query without rate', () => freeswitch('?mix=mono'), ['{}'], 4002, 'invalid-field'],
    [
      'a query with another rate',
      () => freeswitch('?mix=mono&rate=11025'),
      ['{}'],
      4003,
      'unsupported-format',
    ],
    ['a text over 64 KiB in mid-call', freeswitch, ['{}', 'x'.repeat(65_537)], 1009, 'oversize-frame'],
  ];
  it.each(bad)('%s closes that socket alone, and is counted', async (_, url, frames, closeCode, code) => {
    const protocol = new URL(url()).pathname.split('/').at(-1) ?? '';
    const before = await server.count('timbre_telephony_errors_total', { protocol, code });
    const bystander = await aCall(platforms[0]);
    const client = await Client.open(url(), Client.bearer('telephony'));
    for (const frame of frames) client.send(frame);
    expect((await client.closed).code).toBe(closeCode);
    expect(await server.count('timbre_telephony_errors_total', { protocol, code })).toBe(before + 1);
    bystander.client.send(Buffer.alloc(320));
    bystander.client.socket.close(1000);
    expect(await bystander.call.closed).toBe('ended');
    expect(bystander.call.received).toHaveLength(1);
  });

  it.each([
    ['half a sample', freeswitch, '{}', Buffer.alloc(3), 4005, 'partial-frame'],
    ['a second hello', asterisk, mediaStart, mediaStart, 4006, 'second-start'],
  ])('%s is dropped and counted, and a hundred close the socket', async (...one) => {
    const [, url, hello, frame, closeCode, code] = one;
    const labels = { protocol: new URL(url()).pathname.split('/').at(-1) ?? '', code };
    const before = await server.count('timbre_telephony_errors_total', labels);
    const opened = server.intake.next();
    const client = await Client.open(url(), Client.bearer('telephony'));
    for (const part of [hello, frame, Buffer.alloc(320)]) client.send(part);
    await client.pong();
    expect((await opened).received).toHaveLength(1);
    for (let i = 0; i < 100; i += 1) client.send(frame);
    expect(await client.closed).toEqual({ code: closeCode, reason: code });
    expect(await server.count('timbre_telephony_errors_total', labels)).toBe(before + 101);
  });

  it('is none of audio that Asterisk under load sends before it says of what', async () => {
    const opened = server.intake.next();
    const client = await Client.open(asterisk(), Client.bearer('telephony'));
    for (let i = 1; i <= 5; i += 1) client.send(Buffer.alloc(640, i));
    client.send(mediaStart);
    client.send(Buffer.alloc(640, 6));
    await client.pong();
    const call = await opened;
    expect(call.received.map(({ bytes, positionMs }) => [bytes[0], positionMs])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => [n, (n - 1) * 20]),
    );
    client.hangUp();
  });

  it('of a text that FreeSWITCH may send at any time is none', async () => {
    const opened = server.intake.next();
    const client = await Client.open(freeswitch(), Client.bearer('telephony'));
    client.send(Buffer.alloc(640));
    client.send('x'.repeat(65_536));
    client.send('hold');
    client.send(Buffer.alloc(640));
    // As mod_audio_fork asks for the last answers, and waits for the server to close.
    client.send(Buffer.alloc(0));
    expect(await client.closed).toEqual({ code: 1000, reason: 'stopped' });
    const call = await opened;
    expect(await call.closed).toBe('ended');
    expect(call.received.map(({ positionMs }) => positionMs)).toEqual([0, 20]);
    const counted = { protocol: 'freeswitch', code: 'unknown-event' };
    expect(await server.count('timbre_telephony_errors_total', counted)).toBe(1);
  });
});

describe('a source that sends nothing any more', () => {
  const [asteriskPlatform] = platforms.filter(({ name }) => name === 'asterisk');
  if (!asteriskPlatform) throw new Error('no Asterisk');

  it('is let go after 5 s as if its line had broken, and the call is resumed with its next audio', async () => {
    const { client, call } = await aCall(asteriskPlatform);
    client.send(Buffer.alloc(640, 1));
    await client.pong();
    server.pass(4999);
    expect(call.isClosed).toBe(false);
    server.pass(1);
    expect(await call.closed).toBe('disconnected');
    server.pass(20_000);

    const again = server.intake.next();
    client.send(Buffer.alloc(640, 2));
    client.send(Buffer.alloc(640, 3));
    const later = await again;
    await client.pong();
    expect(later.description).toEqual(call.description);
    expect(later.description.resumes).toEqual([call.description.streamKey]);
    // Time begins anew with the stream that goes on.
    expect(later.received.map(({ bytes, positionMs }) => [bytes[0], positionMs])).toEqual([
      [2, 0],
      [3, 20],
    ]);
    client.socket.close(1000);
    expect(await later.closed).toBe('ended');
  });

  it('is hung up after 60 s all the same, and opens no call for that', async () => {
    const { client, call } = await aCall(asteriskPlatform);
    const before = server.intake.calls.length;
    server.pass(5000);
    expect(await call.closed).toBe('disconnected');
    server.pass(55_000);
    expect(await client.closed).toEqual({ code: 4009, reason: 'silence-timeout' });
    expect(server.intake.calls).toHaveLength(before);
  });

  it('goes on until then where nothing could take its call up again', async () => {
    const opened = server.intake.next();
    const client = await Client.open(freeswitch(), Client.bearer('telephony'));
    client.send('{}');
    const call = await opened;
    server.pass(59_999);
    expect(call.isClosed).toBe(false);
    server.pass(1);
    expect(await client.closed).toEqual({ code: 4009, reason: 'silence-timeout' });
  });

  it('hears no end of a call that another socket has resumed meanwhile', async () => {
    const { client, call } = await aCall(asteriskPlatform);
    server.pass(5000);
    await call.closed;
    call.end('taken-over');
    const again = server.intake.next();
    client.send(Buffer.alloc(640));
    (await again).end('taken-over');
    expect(await client.closed).toEqual({ code: 4016, reason: 'taken-over' });
  });
});
