import { randomUUID } from 'node:crypto';

import type { ClientOptions } from 'ws';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import { type CallProtocol, callProtocols } from '../../src/core/calls/protocols.js';
import { type ProtocolChoice, speakerOf } from '../../tools/call/protocols.js';
import type { OptionValues } from '../../tools/call/speaker.js';
import { aConversation, signed } from './audiohook-client.js';
import { Client } from './client.js';
import { changed, hellos } from './hello.js';
import {
  exotelPlatform,
  fonosterPlatform,
  pivotPlatform,
  type Platform,
  plivoPlatform,
  signalwirePlatform,
  telnyxPlatform,
  twilioPlatform,
} from './media-streams.js';
import { aFragment } from '../../tools/call/kinesis-media.js';
import { KinesisStandIn } from '../../tools/call/kinesis-stand-in.js';
import { startKinesis } from './kinesis-start.js';
import {
  audiohookCredential,
  awsPort,
  kinesisCredential,
  publicUrl,
  type TelephonyServer,
  twilioCredential,
} from './server.js';

export type Frame = string | Uint8Array;

/** A connection as a platform would make it, whatever comes over it. */
export interface Line {
  /** What the platform says, in order. */
  readonly words: readonly Frame[];
  send(frame: Frame): void;
  /** Resolves when the server has taken all that was sent before, or has closed. */
  taken(): Promise<unknown>;
  hangUp(): void;
  readonly closed: Promise<{ readonly code: number }>;
}

/** What the tests know of a protocol: how its platform calls. */
export interface Peer {
  dial(server: TelephonyServer): Promise<Line>;
}

type Admission = ClientOptions & { readonly headers: Record<string, string> };

interface Words {
  /** Behind the protocol's path. */
  readonly query?: string;
  /** Anew for every socket: a signature is good for one. */
  readonly admission?: (url: string) => Admission;
  readonly talk: (headers: Readonly<Record<string, string>>) => readonly Frame[];
}

const bearer = (): Admission => ({ headers: { authorization: 'Bearer telephony' } });

/** A peer that opens a WebSocket; where the upgrade is signed, it is so for the server's public URL. */
function overWebSocket(protocol: CallProtocol, { query = '', admission = bearer, talk }: Words): Peer {
  const { at } = callProtocols[protocol];
  return {
    dial: async (server) => {
      const options = admission(publicUrl.replace('https', 'wss') + at);
      const client = await Client.open(server.url + at + query, options);
      return {
        words: talk(options.headers),
        send: (frame) => {
          client.send(frame);
        },
        // Sockets keep their order.
        taken: () => Promise.race([client.pong(), client.closed]),
        hangUp: () => {
          client.socket.close();
        },
        closed: client.closed,
      };
    },
  };
}

function mediaStreams(platform: Platform, admission?: Words['admission']): Peer {
  const { dialect, connected, start, media, dtmf, stop } = platform;
  return overWebSocket(dialect.protocol, {
    ...(admission && { admission }),
    talk: () => [connected, start(), media(), dtmf, stop()].map((message) => JSON.stringify(message)),
  });
}

function audiohookTalk(id = ''): string[] {
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

const start = { type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 2, callerChannel: 0 };

/** A stream that Timbre reads rather than is sent; what is said to it goes on in the body of GetMedia. */
const kinesisPeer: Peer = {
  dial: async (server) => {
    const standIn = await KinesisStandIn.listen(awsPort);
    const contactId = randomUUID();
    const started = await startKinesis(server, { contactId });
    if (started.status !== 202) throw new Error(`the stream was not taken: ${String(started.status)}`);
    const atMs = 1_700_000_000_000;
    const audio = { AUDIO_FROM_CUSTOMER: Buffer.alloc(2000), AUDIO_TO_CUSTOMER: Buffer.alloc(2000) };
    const words = [1, 2, 3].map((number) =>
      aFragment({ number, atMs: atMs + number * 125, audio, contactId }),
    );
    const closed = new Promise<{ code: number }>((resolve) => {
      standIn.onLeft = () => {
        void standIn.close().then(() => {
          resolve({ code: 1000 });
        });
      };
    });
    return {
      words,
      send: (frame) => {
        standIn.put({ number: '0', producedMs: 0, bytes: Buffer.from(frame) });
      },
      taken: () => Promise.resolve(),
      // No more fragments for longer than any call has none.
      hangUp: () => {
        server.pass(60_000);
      },
      closed,
    };
  },
};

/** How each protocol's platform calls the server of these tests. */
export const peers: Readonly<Record<CallProtocol, Peer>> = {
  plain: overWebSocket('plain', { talk: () => [JSON.stringify(start), '{"type":"stop"}'] }),
  twilio: mediaStreams(twilioPlatform, (url) => ({
    headers: { 'x-twilio-signature': getExpectedTwilioSignature(twilioCredential.authToken, url, {}) },
  })),
  telnyx: mediaStreams(telnyxPlatform),
  signalwire: mediaStreams(signalwirePlatform),
  exotel: mediaStreams(exotelPlatform),
  audiohook: overWebSocket('audiohook', {
    admission: (url) => signed(url, audiohookCredential),
    talk: (headers) => audiohookTalk(headers['audiohook-session-id']),
  }),
  jambonz: overWebSocket('jambonz', { talk: () => [changed(hellos.jambonz, {}), '{"event":"dtmf"}'] }),
  freeswitch: overWebSocket('freeswitch', {
    query: '?rate=8k&mix=stereo',
    talk: () => ['{"callId":"u-1"}', 'hold'],
  }),
  vonage: overWebSocket('vonage', {
    talk: () => [changed(hellos.vonage, {}), '{"event":"websocket:dtmf"}'],
  }),
  asterisk: overWebSocket('asterisk', {
    talk: () => [changed(hellos.asterisk, {}), 'MEDIA_XOFF', 'DTMF_END digit:1'],
  }),
  kinesis: kinesisPeer,
  plivo: mediaStreams(plivoPlatform),
  pivot: mediaStreams(pivotPlatform),
  fonoster: mediaStreams(fonosterPlatform),
  bandwidth: overWebSocket('bandwidth', {
    talk: () => [
      '{"eventType":"start","metadata":{"callId":"c-1","streamId":"s-1","tracks":["inbound"]}}',
      '{"eventType":"media","track":"inbound","payload":"////","sequenceNumber":"1"}',
      '{"eventType":"stop","metadata":{"callId":"c-1","streamId":"s-1"}}',
    ],
  }),
  azure: overWebSocket('azure', {
    query: '?mix=mono',
    talk: () => [
      '{"kind":"AudioMetadata","audioMetadata":{"subscriptionId":"s","encoding":"PCM","sampleRate":16000,"channels":1,"length":640}}',
      '{"kind":"AudioData","audioData":{"timestamp":"2026-01-01T00:00:00.000Z","participantRawID":"4:+1","data":"AAAA","silent":false}}',
      '{"kind":"DtmfData","dtmfData":{"data":"1"}}',
    ],
  }),
  sinch: overWebSocket('sinch', {
    talk: () => ['{"command":"connect","callId":"c-1","codec":"PCM","sampleRate":8000}', '{"command":"x"}'],
  }),
  infobip: overWebSocket('infobip', { talk: () => ['{"callId":"c-1","sampleRate":"8000"}', '{}'] }),
};

/** All that lets a caller in at the server of these tests, whichever way its protocol takes. */
export const secrets = {
  token: 'telephony',
  'account-sid': twilioCredential.accountSid,
  'auth-token': twilioCredential.authToken,
  'api-key': audiohookCredential.apiKey,
  'client-secret': audiohookCredential.clientSecret,
  credential: kinesisCredential.credentialId,
  secret: kinesisCredential.secret,
  listen: String(awsPort),
} as const satisfies OptionValues;

/** The simulator's choice of a protocol, let in with the secrets that the protocol asks for among those given. */
export function choiceOf(name: CallProtocol, given: OptionValues): ProtocolChoice {
  const signedUrl = publicUrl.replace('https', 'wss') + callProtocols[name].at;
  const options = speakerOf(name).read({ 'signed-url': signedUrl, ...given }, {}) as object;
  // As `read` of this very name gave them.
  return { ...options, kind: name } as ProtocolChoice;
}

/** Where a protocol is reached at a server's HTTP or WebSocket URL. */
export function urlAt(serverUrl: string, name: CallProtocol): string {
  return serverUrl.replace(/^http/, 'ws') + callProtocols[name].at;
}
