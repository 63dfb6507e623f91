import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClientOptions } from 'ws';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import { CallSockets } from '../../src/telephony/call-sockets.js';
import { telephonyErrors } from '../../src/telephony/errors.js';
import { aConversation, signed } from './audiohook-client.js';
import { Client } from './client.js';
import { changed, hellos } from './hello.js';
import { platforms as mediaStreams } from './media-streams.js';
import { audiohookCredential, TelephonyServer, twilioCredential } from './server.js';

// The machines are fuzzed one by one beside their sources; here all that stands between them and a socket is as well.
const server = new TelephonyServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

interface Wire {
  readonly path: string;
  /** Anew for every socket: a signature is good for one. */
  readonly admission: () => ClientOptions & { readonly headers: Record<string, string> };
  /** What a platform says, in order; `session` is the id that its upgrade signed. */
  readonly talk: (session: string) => string[];
}

const bearer = () => ({ headers: { authorization: 'Bearer telephony' } });
const twilioUrl = 'wss://timbre.example.com/v1/telephony/twilio';
const audiohookUrl = 'wss://timbre.example.com/v1/telephony/audiohook';
const start = { type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 2, callerChannel: 0 };

function audiohookTalk(id: string): string[] {
  const messages: [string, object][] = [
    ['open', aConversation()],
    ['ping', { rtt: 'PT0.05S' }],
    ['paused', {}],
    ['resumed', { start: 'PT1S', discarded: 'PT2S' }],
    ['discarded', { start: 'PT1S', discarded: 'PT1S' }],
    ['update', { language: 'de-DE' }],
    ['error', { code: 500, message: 'x' }],
    ['close', { reason: 'end' }],
  ];
  return messages.map(([type, parameters], i) =>
    JSON.stringify({ version: '2', id, type, seq: i + 1, serverseq: 0, position: 'PT0S', parameters }),
  );
}

const wires: readonly Wire[] = [
  { path: 'stream', admission: bearer, talk: () => [JSON.stringify(start), '{"type":"stop"}'] },
  ...mediaStreams.map(({ dialect, connected, start: begin, media, dtmf, stop }): Wire => ({
    path: dialect.protocol,
    admission:
      dialect.protocol === 'twilio'
        ? () => ({
            headers: {
              'x-twilio-signature': getExpectedTwilioSignature(twilioCredential.authToken, twilioUrl, {}),
            },
          })
        : bearer,
    talk: () => [connected, begin(), media(), dtmf, stop()].map((message) => JSON.stringify(message)),
  })),
  { path: 'audiohook', admission: () => signed(audiohookUrl, audiohookCredential), talk: audiohookTalk },
  { path: 'jambonz', admission: bearer, talk: () => [changed(hellos.jambonz, {}), '{"event":"dtmf"}'] },
  { path: 'freeswitch?rate=8k&mix=stereo', admission: bearer, talk: () => ['{"callId":"u-1"}', 'hold'] },
  {
    path: 'vonage',
    admission: bearer,
    talk: () => [changed(hellos.vonage, {}), '{"event":"websocket:dtmf"}'],
  },
  {
    path: 'asterisk',
    admission: bearer,
    talk: () => [changed(hellos.asterisk, {}), 'MEDIA_XOFF', 'DTMF_END digit:1'],
  },
];

type Step =
  | { readonly kind: 'say' | 'cut' | 'repeat'; readonly nth: number; readonly cut: number }
  | { readonly kind: 'raw'; readonly frame: string | Uint8Array };

const audio: Step = { kind: 'raw', frame: Buffer.alloc(640) };
const huge: Step = { kind: 'raw', frame: `{"x":"${'y'.repeat(70_000)}"}` };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('say', 'cut', 'repeat'), nth: fc.nat(9), cut: fc.nat(200) }),
  },
  {
    weight: 2,
    arbitrary: fc
      .oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 40 }))
      .map((frame) => ({ kind: 'raw' as const, frame })),
  },
  { weight: 3, arbitrary: fc.constant(audio) },
  { weight: 1, arbitrary: fc.constant(huge) },
);

function framesOf(one: Step, talk: string[]): (string | Uint8Array)[] {
  if (one.kind === 'raw') return [one.frame];
  const said = talk[one.nth % talk.length] ?? '';
  if (one.kind === 'repeat') return [said, said];
  return [one.kind === 'cut' ? said.slice(0, one.cut) : said];
}

/** Codes that Timbre may close with; 1005 and 1006 are the client's own going away. */
const codes = new Set([
  1000,
  1005,
  1006,
  ...Object.values(telephonyErrors).map(({ closeCode }) => closeCode),
]);

describe.each(wires)('whatever comes over /v1/telephony/$path', ({ path, admission, talk }) => {
  it('ends every call once and every socket with a code of the table, and leaves nothing behind', async () => {
    const before = server.intake.calls.length;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, inOrder) => {
        // Signatures are made now.
        server.nowMs = Date.now();
        const options = admission();
        const client = await Client.open(`${server.url}/v1/telephony/${path}`, options);
        const words = talk(options.headers['audiohook-session-id'] ?? '');
        if (inOrder) for (const text of words.slice(0, 2)) client.send(text);
        for (const frame of steps.flatMap((one) => framesOf(one, words))) client.send(frame);
        // All that was sent is taken before the pong: sockets keep their order.
        await Promise.race([client.pong(), client.closed]);
        client.socket.close();
        expect(codes).toContain((await client.closed).code);
      }),
      { numRuns: 25 },
    );
    await Promise.all(server.intake.calls.slice(before).map(({ closed }) => closed));
    // The client's end of a socket is gone a turn before the server's.
    while (server.app.get(CallSockets).size > 0) await nextTurn();
    // FakeIntake throws on what no adapter may do, such as audio after the end: that would close with 1011.
    const failed = { path: `/v1/telephony/${path.split('?')[0] ?? ''}` };
    expect(await server.count('timbre_ws_handler_failures_total', failed)).toBe(0);
    expect(await server.count('timbre_ws_open', failed)).toBe(0);
  }, 60_000);
});
