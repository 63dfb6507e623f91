import { z } from 'zod';

import { describe, readFacts } from '../hello/call-facts.js';
import type { Hello, HelloDialect } from '../hello/hello-machine.js';
import { callerFirst, isMix, isRate } from '../hello/media.js';
import { type JsonObject, parseObject } from '../json-object.js';
import { leftOfJambonz, recordedCall } from '../siprec/recorded-call.js';

/**
 * The `listen` verb, https://docs.jambonz.org/verbs/verbs/listen. What goes into its `metadata` comes out beside jambonz's
 * own properties of the call, not in an object of its own (jambonz-feature-server, lib/tasks/listen.js).
 */
const helloSchema = z.looseObject({
  callSid: z.string().min(1).max(128),
  parentCallSid: z.string().max(128).nullish(),
  sampleRate: z.coerce.number(),
  mixType: z.string(),
});

/** Numbers, addresses and states of the platform's own: nothing that belongs into a call's metadata. */
const reserved: ReadonlySet<string> = new Set([
  ...['callSid', 'parentCallSid', 'accountSid', 'applicationSid', 'callerId', 'callerName', 'callStatus'],
  ...['sampleRate', 'mixType', 'sipStatus', 'sipReason', 'sbcCallid', 'traceId', 'apiBaseUrl'],
  ...[
    'originatingSipIp',
    'originatingSipTrunkName',
    'fsSipAddress',
    'fsPublicIp',
    'localSipAddress',
    'publicIp',
    'siprec',
  ],
]);

export const jambonz: HelloDialect = {
  emptyFrameEnds: true,

  hello(text): Hello {
    const message = parseObject(text);
    if (!message) return { kind: 'fault', code: 'not-json' };
    // Key presses and the like, as `during` knows them.
    if (message['callSid'] === undefined) {
      return { kind: 'fault', code: 'message-before-start' };
    }
    const parsed = helloSchema.safeParse(message);
    if (!parsed.success) return { kind: 'fault', code: 'invalid-field' };
    const { callSid, parentCallSid, sampleRate, mixType } = parsed.data;
    if (!isRate(sampleRate) || !isMix(mixType)) return { kind: 'fault', code: 'unsupported-format' };
    // jambonz's callId is the SIP Call-ID; its own name for the call is callSid. A listen inside `dial` hears the caller's leg and
    // describes the one that was dialled (lib/tasks/dial.js, lib/tasks/listen.js): `from` is the caller's number all the same, and
    // "outbound" is said of the other leg.
    const call = parentCallSid ? { callId: parentCallSid, direction: 'inbound' } : { callId: callSid };
    const facts = readFacts(
      [call, message, objectIn(message, 'metadata'), objectIn(message, 'customerData')],
      reserved,
    );
    if (!facts) return { kind: 'fault', code: 'invalid-field' };
    const format = callerFirst('l16', sampleRate, mixType);
    const description = describe('jambonz', format, facts, mixType === 'mixed');
    const siprec = message['siprec'] ?? objectIn(message, 'metadata')['siprec'];
    return { kind: 'call', description: recordedCall(description, siprec, leftOfJambonz) };
  },

  during(text) {
    const message = parseObject(text);
    if (message && 'callSid' in message && 'sampleRate' in message) return 'second-start';
    // Two texts sent in one breath come as one frame, which is no JSON then (mod_audio_fork appends).
    return message?.['event'] === 'dtmf' || message?.['type'] === 'playDone' ? undefined : 'unknown-event';
  },
};

function objectIn(message: JsonObject, name: string): JsonObject {
  const value = message[name];
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
