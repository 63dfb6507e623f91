import { describe, readFacts } from '../hello/call-facts.js';
import type { Hello, HelloDialect } from '../hello/hello-machine.js';
import { callerFirst, isRate } from '../hello/media.js';
import { type JsonObject, parseObject } from '../json-object.js';

const l16ContentType = /^audio\/l16 *; *rate=(\d{1,6})$/i;

const reserved: ReadonlySet<string> = new Set(['event', 'content-type', 'mix']);

/** Nothing to Timbre, but no news either. */
const known: ReadonlySet<unknown> = new Set([
  ...['websocket:dtmf', 'websocket:cleared', 'websocket:notify', 'websocket:media:update'],
  'websocket:disconnected',
]);

/** Vonage Voice API, https://developer.vonage.com/en/voice/voice-api/concepts/websockets. */
export const vonage: HelloDialect = {
  emptyFrameEnds: false,

  hello(text): Hello {
    const message = parseObject(text);
    if (!message) return { kind: 'fault', code: 'not-json' };
    return message['event'] === 'websocket:connected'
      ? callOf(message)
      : { kind: 'fault', code: 'message-before-start' };
  },

  during(text) {
    const event = parseObject(text)?.['event'];
    if (event === 'websocket:connected') return 'second-start';
    return known.has(event) ? undefined : 'unknown-event';
  },
};

/** The custom headers of the endpoint lie beside Vonage's own two. */
function callOf(message: JsonObject): Hello {
  const contentType = message['content-type'];
  const mix = message['mix'] ?? 'mixed';
  if (typeof contentType !== 'string' || (mix !== 'mono' && mix !== 'mixed')) {
    return { kind: 'fault', code: 'invalid-field' };
  }
  const sampleRateHz = Number(l16ContentType.exec(contentType)?.[1]);
  if (!isRate(sampleRateHz)) return { kind: 'fault', code: 'unsupported-format' };
  const facts = readFacts([message], reserved);
  if (!facts) return { kind: 'fault', code: 'invalid-field' };
  // "It is not possible to receive a single leg": whoever has arranged for one must say so.
  const description = describe('vonage', callerFirst('l16', sampleRateHz, mix), facts, mix === 'mixed');
  return { kind: 'call', description };
}
