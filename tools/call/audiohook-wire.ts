import { createHmac, randomBytes, randomUUID } from 'node:crypto';

import { type CallAudio, encoders } from './call-audio.js';
import type { Speaker } from './speaker.js';
import { required } from './usage-error.js';
import { type CallFacts, type CallWire, packetMs } from './wire.js';

export interface AudiohookOptions {
  readonly apiKey: string;
  /** Base64, as Genesys shows it. */
  readonly clientSecret: string;
  /** The wss URL that the server believes it has, where it differs from the one dialled; that is what is signed. */
  readonly signedUrl?: string | undefined;
  /** A flow's Call Audio Connector rather than AudioHook Monitor: the caller alone, until the verdict comes. */
  readonly connector?: boolean;
}

export const audiohookSpeaker: Speaker<AudiohookOptions> = {
  options: {
    'api-key': { type: 'string' },
    'client-secret': { type: 'string' },
    'signed-url': { type: 'string' },
    connector: { type: 'boolean' },
  },
  usage: `  --api-key KEY         of the credential known to Timbre
  --client-secret B64   that signs the call; or AUDIOHOOK_CLIENT_SECRET in the environment
  --signed-url URL      the server's public wss URL, where it is not --url
  --connector           as a flow's Call Audio Connector, which waits for the verdict`,
  encodings: ['mulaw', 'l16'],
  ratesHz: [8000],
  read: (values, env) => ({
    apiKey: required(values['api-key'], '--api-key'),
    clientSecret: required(values['client-secret'] ?? env['AUDIOHOOK_CLIENT_SECRET'], '--client-secret'),
    signedUrl: values['signed-url'] as string | undefined,
    connector: values['connector'] === true,
  }),
  wire: (audio, facts, options, url) => audiohookWire(audio, facts, options, url, aConversation(facts)),
};

const pingEvery = 5000 / packetMs;

/** What stays the same when one session resumes another's call. */
interface Conversation {
  readonly organizationId: string;
  readonly conversationId: string;
  readonly participantId: string;
  readonly continuedSessions: readonly { id: string; serverseq: number; clientseq: number }[];
}

function aConversation({ callId }: CallFacts): Conversation {
  const conversationId = callId ?? randomUUID();
  return { organizationId: randomUUID(), conversationId, participantId: randomUUID(), continuedSessions: [] };
}

/** One session, as Genesys would speak it: https://developer.genesys.cloud/devapps/audiohook/ */
export function audiohookWire(
  audio: CallAudio,
  facts: CallFacts,
  options: AudiohookOptions,
  url: string,
  conversation: Conversation = aConversation(facts),
): CallWire {
  const id = randomUUID();
  const { organizationId, conversationId, participantId, continuedSessions } = conversation;
  const format = facts.encoding === 'l16' ? 'L16' : 'PCMU';
  const connector = options.connector === true;
  const channels = audio.channels.length === 2 && !connector ? ['external', 'internal'] : ['external'];
  const encode = facts.encoding === 'l16' ? encoders.l16 : encoders.mulaw;
  let seq = 0;
  let serverseq = 0;
  let packets = 0;
  let closing = false;
  let wantedAnew = false;
  let verdict: unknown;
  let settleReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    settleReady = resolve;
  });

  const message = (type: string, parameters: object): string => {
    const position = `PT${String((packets * packetMs) / 1000)}S`;
    return JSON.stringify({ version: '2', id, type, seq: (seq += 1), serverseq, position, parameters });
  };
  const close = (reason: string): string[] => {
    if (closing) return [];
    closing = true;
    return [message('close', { reason })];
  };

  const anew = (): CallWire => {
    const session = { id, serverseq, clientseq: seq };
    const next = { ...conversation, continuedSessions: [...continuedSessions, session] };
    return audiohookWire(audio, facts, options, url, next);
  };

  return {
    headers: signedHeaders(id, organizationId, options, url),
    subprotocols: [],
    begin: () => [
      message('open', {
        organizationId,
        conversationId,
        participant: { id: participantId, ani: facts.ani ?? '', aniName: '', dnis: facts.dnis ?? '' },
        media: [{ type: 'audio', format, channels, rate: 8000 }],
        language: 'en-US',
        ...(continuedSessions.length > 0 && { continuedSessions }),
        [connector ? 'inputVariables' : 'customConfig']: {
          ...facts.metadata,
          customerId: facts.customer,
          direction: facts.direction,
          attestation: facts.attestation,
        },
      }),
    ],
    packet: (both) => {
      if (closing) return [];
      packets += 1;
      const ping = packets % pingEvery === 0 ? [message('ping', {})] : [];
      const [caller, agent] = facts.callerChannel === 0 ? both : [both[1] ?? both[0], both[0]];
      if (!caller) return ping;
      return [encode(channels.length === 2 && agent ? interleave(caller, agent) : caller), ...ping];
    },
    end: () => close('end'),
    say: message,
    answer: (heard) => {
      if (typeof heard['seq'] === 'number') serverseq = heard['seq'];
      switch (heard['type']) {
        case 'opened':
          settleReady();
          return [];
        case 'closed':
          return 'hang-up';
        case 'disconnect':
          settleReady();
          verdict = (heard['parameters'] as { readonly outputVariables?: unknown }).outputVariables;
          return close('disconnect');
        case 'reconnect':
          wantedAnew = !closing;
          return close('reconnect');
        default:
          return [];
      }
    },
    ready,
    verdict: () => verdict as Readonly<Record<string, string>> | undefined,
    successor: () => (wantedAnew ? anew : undefined),
    anew,
  };
}

function signedHeaders(session: string, organization: string, options: AudiohookOptions, url: string) {
  const { apiKey, clientSecret, signedUrl = url } = options;
  const { host, pathname, search } = new URL(signedUrl);
  const covered = {
    'audiohook-organization-id': organization,
    'audiohook-session-id': session,
    'audiohook-correlation-id': randomUUID(),
    'x-api-key': apiKey,
  };
  const lines = { '@request-target': pathname + search, '@authority': host, ...covered };
  const created = Math.floor(Date.now() / 1000);
  const nonce = randomBytes(18).toString('base64');
  const names = Object.keys(lines).map((name) => `"${name}"`);
  const params =
    `(${names.join(' ')});keyid="${apiKey}";nonce="${nonce}";alg="hmac-sha256"` +
    `;created=${String(created)};expires=${String(created + 10)}`;
  const base = [...Object.entries(lines), ['@signature-params', params]].map(([n, v]) => `"${n}": ${v}`);
  const key = Buffer.from(clientSecret, 'base64');
  const signature = createHmac('sha256', key).update(base.join('\n')).digest('base64');
  return { ...covered, 'signature-input': `sig1=${params}`, signature: `sig1=:${signature}:` };
}

function interleave(one: Float32Array, two: Float32Array): Float32Array {
  return Float32Array.from({ length: one.length * 2 }, (_, i) => (i % 2 === 0 ? one : two)[i >> 1] ?? 0);
}
