import { once } from 'node:events';
import { connect } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocketGateway } from '@nestjs/websockets';

import { bearerToken } from '../../src/platform/ws/bearer.js';
import type {
  Admission,
  GatewayRoute,
  SocketHandlers,
  TimbreGateway,
  TimbreSocket,
} from '../../src/platform/ws/gateway.js';
import { Client } from './client.js';
import { TelephonyServer } from './server.js';

/** Does what a text says, so that each way of failing can be tried. */
@WebSocketGateway({ path: '/test/echo' })
class EchoGateway implements TimbreGateway<string> {
  authenticate: TimbreGateway<string>['authenticate'] = (request) =>
    Promise.resolve<Admission<string>>({ kind: 'accepted', principal: bearerToken(request) ?? 'nobody' });

  /** Called when a socket is gone. */
  readonly closings: (() => void)[] = [];

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  handleConnection(socket: TimbreSocket, _request: unknown, principal: string): SocketHandlers {
    if (principal === 'bad') throw new Error('a defect at the start');
    return {
      text: async (text) => {
        if (text === 'throw') throw new Error('a defect');
        await Promise.resolve();
        if (text === 'reject') throw new Error('a defect later on');
        if (text === 'flood') {
          const mebibyte = 'x'.repeat(1024 * 1024);
          for (let i = 0; i < 64; i++) socket.send(mebibyte);
          return;
        }
        if (text === 'guard') socket.guard(() => Promise.reject(new Error('a defect elsewhere')));
        socket.send(JSON.stringify({ type: 'echo', text, principal }));
      },
      closed: () => {
        this.closings.shift()?.();
      },
      binary: (bytes) => {
        socket.send(JSON.stringify({ type: 'bytes', length: bytes.length, first: bytes[0] }));
      },
    };
  }
}

const server = new TelephonyServer();
beforeAll(() => server.start({ extra: [EchoGateway] }));
afterAll(() => server.stop());

const stream = (): string => `${server.url}/v1/telephony/stream`;
const echo = (): string => `${server.url}/test/echo`;

describe('an upgrade', () => {
  it.each([
    ['no token', {}, 401],
    ['an unknown token', Client.bearer('unknown'), 401],
    ['another scheme', { headers: { authorization: 'Basic dGVsZXBob255Og==' } }, 401],
    ['another role', Client.bearer('agent'), 403],
    ['an authenticator that fails', Client.bearer('broken'), 503],
  ])('with %s is refused before it happens, with a problem', async (_, options, status) => {
    const refused = await Client.refused(stream(), options);
    expect(refused.status).toBe(status);
    expect(refused.type).toBe('application/problem+json');
    expect(refused.authenticate).toBe(status === 401 ? 'Bearer' : undefined);
    expect(refused.body).toEqual({
      type: expect.stringMatching(/^urn:timbre:problem:/) as unknown,
      title: expect.any(String) as unknown,
      status,
    });
  });

  it('is counted when it is refused', async () => {
    const labels = { path: '/v1/telephony/stream', status: '403' };
    const before = await server.count('timbre_ws_refused_total', labels);
    await Client.refused(stream(), Client.bearer('fraud'));
    expect(await server.count('timbre_ws_refused_total', labels)).toBe(before + 1);
  });

  it.each(['/v1/telephony/stream/', '/v1/telephony', '/v1/telephony/streams', '/', '//v1/telephony/stream'])(
    'to %s, where nothing listens, is refused with 404',
    async (path) => {
      expect((await Client.refused(server.url + path, Client.bearer('telephony'))).status).toBe(404);
    },
  );

  it('may carry a query', async () => {
    const client = await Client.open(`${stream()}?trace=7`, Client.bearer('telephony'));
    client.hangUp();
    await client.closed;
  });

  it('takes a token offered as a subprotocol and never echoes it', async () => {
    const client = await Client.open(echo(), {}, ['timbre.v1', 'bearer.s3cret-token']);
    expect(client.socket.protocol).toBe('timbre.v1');
    client.send('hello');
    expect(await client.message('echo')).toMatchObject({ principal: 's3cret-token' });
    client.hangUp();
  });

  it('does not compress', async () => {
    const client = await Client.open(echo(), { perMessageDeflate: true });
    expect(client.socket.extensions).toBe('');
    client.hangUp();
  });

  it('with frames sent before it was answered loses none of them', async () => {
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = [
      'GET /test/echo HTTP/1.1',
      'Host: x',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
    ];
    // RFC 6455 §1.3's example key; a masked (key 0) binary frame of one byte, 7, and a close.
    const request = `${[...head, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='].join('\r\n')}\r\n\r\n`;
    const frames = Buffer.of(0x82, 0x81, 0, 0, 0, 0, 7, 0x88, 0x80, 0, 0, 0, 0);
    socket.write(Buffer.concat([Buffer.from(request), frames]));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    await once(socket, 'close');
    expect(answer).toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(answer).toContain('{"type":"bytes","length":1,"first":7}');
  });
});

describe('a defect while a socket is served', () => {
  it.each(['throw', 'reject', 'guard'])(
    '(%s) closes that socket with 1011, is counted, and leaves the others',
    async (text) => {
      const labels = { path: '/test/echo' };
      const before = await server.count('timbre_ws_handler_failures_total', labels);
      const bystander = await Client.open(echo());
      const client = await Client.open(echo());
      client.send(text);
      expect((await client.closed).code).toBe(1011);
      expect(await server.count('timbre_ws_handler_failures_total', labels)).toBe(before + 1);
      bystander.send('still here');
      expect(await bystander.message('echo')).toMatchObject({ text: 'still here' });
      bystander.hangUp();
    },
  );

  it('when it begins closes it with 1011 too', async () => {
    const client = await Client.open(echo(), Client.bearer('bad'));
    expect((await client.closed).code).toBe(1011);
  });

  it('in the intake ends that call alone', async () => {
    server.intake.failOnAudio = true;
    const opened = server.intake.next();
    const client = await Client.open(stream(), Client.bearer('telephony'));
    client.send({ type: 'start', encoding: 'mulaw', sampleRateHz: 8000, channels: 1 });
    client.send(Buffer.alloc(160));
    expect((await client.closed).code).toBe(1011);
    expect(await (await opened).closed).toBe('disconnected');
  });
});

describe('a peer that does not read', () => {
  it('is cut off, and counted', async () => {
    const client = await Client.open(echo());
    client.socket.pause();
    const gone = new Promise<void>((resolve) => {
      server.app.get(EchoGateway).closings.push(resolve);
    });
    client.send('flood');
    await gone;
    expect(await server.count('timbre_ws_stalled_total', { path: '/test/echo' })).toBe(1);
    client.hangUp();
  });
});

describe('a gateway', () => {
  it('that does not serve its route fails the start', async () => {
    @WebSocketGateway({ path: '/test/forgetful' })
    class Forgetful {}
    await expect(new TelephonyServer().start({ extra: [Forgetful] })).rejects.toThrow('/test/forgetful');
  });

  it('on a path that is taken fails the start', async () => {
    @WebSocketGateway({ path: '/v1/telephony/stream' })
    class Rival extends EchoGateway {}
    await expect(new TelephonyServer().start({ extra: [Rival] })).rejects.toThrow('Two gateways');
  });
});

describe('shutdown in mid-call', () => {
  it('gives every call its last result, refuses new sockets with 503 and closes the rest', async () => {
    const stopping = await new TelephonyServer().start({ extra: [EchoGateway] });
    const url = `${stopping.url}/v1/telephony/stream`;
    const opened = stopping.intake.next();
    const talking = await Client.open(url, Client.bearer('telephony'));
    talking.send({ type: 'start', encoding: 'mulaw', sampleRateHz: 8000, channels: 1, results: true });
    const call = await opened;
    await talking.message('started');
    const silent = await Client.open(url, Client.bearer('telephony'));
    const other = await Client.open(`${stopping.url}/test/echo`);

    const ended = stopping.shutdown.run(5000);
    expect((await Client.refused(url, Client.bearer('telephony'))).status).toBe(503);
    expect(await ended).toEqual([]);
    expect(await call.closed).toBe('shutdown');
    expect(await talking.closed).toEqual({ code: 1012, reason: 'shutting-down' });
    expect(talking.heard.map(({ type, code }) => code ?? type)).toEqual([
      'started',
      'result',
      'shutting-down',
    ]);
    expect(await silent.closed).toEqual({ code: 1012, reason: 'shutting-down' });

    await stopping.stop();
    expect((await other.closed).code).toBe(1001);
  });
});
