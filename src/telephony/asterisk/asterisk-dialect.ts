import type { SampleEncoding, StreamRateHz } from '../../core/audio/stream-format.js';
import type { TelephonyErrorCode } from '../errors.js';
import { describe, readFacts } from '../hello/call-facts.js';
import type { Hello, HelloDialect } from '../hello/hello-machine.js';
import { callerFirst } from '../hello/media.js';
import { type JsonObject, parseObject } from '../json-object.js';

/** Asterisk's names of the formats that Timbre decodes. slin is in the machine's byte order, little-endian wherever Asterisk runs today. */
const formats: Readonly<Record<string, readonly [SampleEncoding, StreamRateHz]>> = {
  ulaw: ['mulaw', 8000],
  alaw: ['alaw', 8000],
  g722: ['g722', 16000],
  slin: ['l16', 8000],
  slin12: ['l16', 12000],
  slin16: ['l16', 16000],
  slin24: ['l16', 24000],
  slin32: ['l16', 32000],
  slin44: ['l16', 44100],
  slin48: ['l16', 48000],
  slin96: ['l16', 96000],
  slin192: ['l16', 192000],
};

/** What Asterisk says in mid-call; all of it is for applications that send audio back. */
const events: Readonly<Record<string, TelephonyErrorCode | undefined>> = {
  MEDIA_START: 'second-start',
  MEDIA_XOFF: undefined,
  MEDIA_XON: undefined,
  DTMF_END: undefined,
  STATUS: undefined,
  MEDIA_BUFFERING_COMPLETED: undefined,
  MEDIA_MARK_PROCESSED: undefined,
  QUEUE_DRAINED: undefined,
  ERROR: 'platform-error',
};

const reserved: ReadonlySet<string> = new Set(['mix']);

const variableNames = ['callId', 'customerId', 'from', 'to', 'direction', 'attestation', 'verstat'];

/**
 * chan_websocket in either of its control message formats, plain text and JSON. The query is the application's own: Asterisk
 * adds to the URL what the dial string's v(…) says. https://docs.asterisk.org/Configuration/Channel-Drivers/WebSocket/
 */
export function asterisk(query: JsonObject): HelloDialect {
  return {
    emptyFrameEnds: false,
    hello(text) {
      const message = read(text);
      return message['event'] === 'MEDIA_START'
        ? callOf(message, query)
        : { kind: 'fault', code: 'message-before-start' };
    },
    during(text) {
      const { event } = read(text);
      return typeof event === 'string' && Object.hasOwn(events, event) ? events[event] : 'unknown-event';
    },
  };
}

function callOf(message: JsonObject, query: JsonObject): Hello {
  const { format } = message;
  const mix = query['mix'] ?? 'mixed';
  if (typeof format !== 'string' || (mix !== 'mono' && mix !== 'mixed')) {
    return { kind: 'fault', code: 'invalid-field' };
  }
  const media = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (!media) return { kind: 'fault', code: 'unsupported-format' };
  const variables = only(message['channel_variables']);
  // The id of the WebSocket's own channel: better than none, if the dialplan does not name the caller's.
  const facts = readFacts(
    [query, variables, { callId: message['channel_id'] ?? message['channel'] }],
    reserved,
  );
  if (!facts?.callId) return { kind: 'fault', code: 'invalid-field' };
  // Of a bridge one hears everybody: whoever has arranged for the caller alone must say so.
  const description = describe('asterisk', callerFirst(...media, mix), facts, mix === 'mixed');
  return { kind: 'call', description };
}

/** `MEDIA_START connection_id:m1 channel:WebSocket/m1/0x7f format:ulaw` as if it were the JSON of the same. */
function read(text: string): JsonObject {
  const json = parseObject(text);
  if (json) return json;
  const [event = '', ...pairs] = text.trim().split(/\s+/);
  return Object.fromEntries([
    ['event', event],
    ...pairs.map((pair) => [pair.split(':', 1)[0] ?? '', pair.slice(pair.indexOf(':') + 1)] as const),
  ]);
}

/**
 * Channel variables hold much that is none of Timbre's business. An inherited one keeps the underscores that it was set with: after
 * `Set(__from=…)` the dialled channel's is called `__from`.
 */
function only(variables: unknown): JsonObject {
  if (typeof variables !== 'object' || variables === null) return {};
  const all = variables as JsonObject;
  return Object.fromEntries(
    variableNames.map((name) => [name, all[name] ?? all[`_${name}`] ?? all[`__${name}`]]),
  );
}
