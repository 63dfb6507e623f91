import { describe, readFacts } from '../hello/call-facts.js';
import type { Hello, HelloDialect } from '../hello/hello-machine.js';
import { callerFirst, isMix, isRate } from '../hello/media.js';
import { type JsonObject, parseObject } from '../json-object.js';
import { recordedCall } from '../siprec/recorded-call.js';

/** The module's own words for rates, `8k` and `16k`, are taken too. */
const rateForm = /^(\d{1,3})(000|k)$/;

const reserved: ReadonlySet<string> = new Set(['rate', 'mix', 'siprec', 'siprecLeft']);

/**
 * FreeSWITCH mod_audio_fork. Its text is whatever the dialplan wrote and says nothing of the audio, so that rate and mix
 * stand in the URL. https://github.com/drachtio/drachtio-freeswitch-modules/tree/main/modules/mod_audio_fork
 */
export function freeswitch(query: JsonObject): HelloDialect {
  return {
    emptyFrameEnds: true,
    // Any text is allowed: what is no JSON object says nothing to Timbre.
    hello: (text) => callOf(query, parseObject(text) ?? {}),
    unannounced: () => callOf(query, {}),
    during: () => 'unknown-event',
  };
}

function callOf(query: JsonObject, metadata: JsonObject): Hello {
  const { rate, mix } = query;
  if (typeof rate !== 'string' || typeof mix !== 'string') return { kind: 'fault', code: 'invalid-field' };
  const [, thousands] = rateForm.exec(rate) ?? [];
  const sampleRateHz = Number(thousands) * 1000;
  if (!isRate(sampleRateHz) || !isMix(mix)) return { kind: 'fault', code: 'unsupported-format' };
  const facts = readFacts([metadata, query], reserved);
  if (!facts) return { kind: 'fault', code: 'invalid-field' };
  const description = describe('freeswitch', callerFirst('l16', sampleRateHz, mix), facts, mix === 'mixed');
  const left = metadata['siprecLeft'];
  return {
    kind: 'call',
    description: recordedCall(description, metadata['siprec'], ({ labels }) =>
      typeof left === 'string' ? left : labels[0],
    ),
  };
}
