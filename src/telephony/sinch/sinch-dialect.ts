import { describe, readFacts } from '../hello/call-facts.js';
import type { Hello, HelloDialect } from '../hello/hello-machine.js';
import { callerFirst, isRate } from '../hello/media.js';
import { type JsonObject, parseObject } from '../json-object.js';

const reserved: ReadonlySet<string> = new Set(['mix']);

/** Sinch's connectStream: https://developers.sinch.com/docs/voice/api-reference/svaml/streams */
export const sinch: HelloDialect = {
  emptyFrameEnds: false,

  hello(text): Hello {
    const message = parseObject(text);
    if (!message) return { kind: 'fault', code: 'not-json' };
    return message['command'] === 'connect'
      ? callOf(message)
      : { kind: 'fault', code: 'message-before-start' };
  },

  during(text) {
    return parseObject(text)?.['command'] === 'connect' ? 'second-start' : 'unknown-event';
  },
};

/** Nothing is heard of a stream that is not answered. */
function callOf(message: JsonObject): Hello {
  const { codec, sampleRate, callId, callHeaders } = message;
  const headers = headersOf(callHeaders);
  const mix = headers['mix'] ?? 'mixed';
  if (mix !== 'mono' && mix !== 'mixed') return { kind: 'fault', code: 'invalid-field' };
  const rate = Number(sampleRate);
  const isPcm = codec === undefined || (typeof codec === 'string' && /^(pcm|l16)$/i.test(codec));
  if (!isPcm || !isRate(rate)) return { kind: 'fault', code: 'unsupported-format' };
  const facts = readFacts([{ callId }, headers], reserved);
  if (!facts) return { kind: 'fault', code: 'invalid-field' };
  const description = describe('sinch', callerFirst('l16', rate, mix), facts, mix === 'mixed');
  return { kind: 'call', description, answer: { command: 'answer' } };
}

/** Given as a list of pairs, they come as an object; either is taken. */
function headersOf(said: unknown): JsonObject {
  if (typeof said !== 'object' || said === null) return {};
  if (!Array.isArray(said)) return said as JsonObject;
  return Object.fromEntries(
    said.flatMap((pair: unknown) => {
      const { key, value } = (pair ?? {}) as { key?: unknown; value?: unknown };
      return typeof key === 'string' ? [[key, value]] : [];
    }),
  );
}
