import { describe, readFacts } from '../hello/call-facts.js';
import type { Hello, HelloDialect } from '../hello/hello-machine.js';
import { callerFirst, isRate } from '../hello/media.js';
import { type JsonObject, parseObject } from '../json-object.js';

const reserved: ReadonlySet<string> = new Set([
  ...['rate', 'mix', 'event', 'content-type', 'call-id', 'sampleRate', 'packetizationTime'],
]);

/**
 * Infobip Calls: binary PCM after a text whose shape its pages do not settle. The rate is taken wherever it stands, in the text or
 * in the query of the URL, and a stream without a text is taken by its query. https://www.infobip.com/docs/voice-and-video/calls
 */
export function infobip(query: JsonObject): HelloDialect {
  return {
    emptyFrameEnds: false,
    hello(text): Hello {
      const message = parseObject(text);
      return message ? callOf(query, message) : { kind: 'fault', code: 'not-json' };
    },
    ...(query['rate'] !== undefined && { unannounced: () => callOf(query, {}) }),
    during: () => 'unknown-event',
  };
}

function callOf(query: JsonObject, message: JsonObject): Hello {
  const [custom, media] = ['customData', 'mediaFormat'].map((name) => objectIn(message, name));
  const said = [message, custom ?? {}, query];
  const contentType = /rate=(\d+)/.exec(String(message['content-type']))?.[1];
  const rate = Number(message['sampleRate'] ?? media?.['sampleRate'] ?? contentType ?? query['rate']);
  // A message of another kind, before the one that describes the call.
  if (Number.isNaN(rate)) return { kind: 'fault', code: 'message-before-start' };
  if (!isRate(rate)) return { kind: 'fault', code: 'unsupported-format' };
  const mix = said.map((source) => source['mix']).find((value) => value !== undefined) ?? 'mixed';
  if (mix !== 'mono' && mix !== 'mixed') return { kind: 'fault', code: 'invalid-field' };
  const facts = readFacts([...said, { callId: message['call-id'] }], reserved);
  if (!facts) return { kind: 'fault', code: 'invalid-field' };
  return {
    kind: 'call',
    description: describe('infobip', callerFirst('l16', rate, mix), facts, mix === 'mixed'),
  };
}

function objectIn(message: JsonObject, name: string): JsonObject {
  const value = message[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
