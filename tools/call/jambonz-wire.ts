import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { basicAuth, type HelloOptions, helloSpeaker, helloWire, mixOf } from './hello-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const jambonzSpeaker: Speaker<HelloOptions> = {
  ...helloSpeaker,
  encodings: ['l16'],
  ratesHz: [8000, 16000, 48000],
  wire: jambonzWire,
};

/** The listen verb with wsAuth: https://docs.jambonz.org/verbs/verbs/listen */
function jambonzWire(audio: CallAudio, facts: CallFacts, options: HelloOptions): CallWire {
  const mix = mixOf(audio, options);
  // jambonz puts the call's own properties and the verb's metadata side by side.
  const hello = JSON.stringify({
    sampleRate: audio.sampleRateHz,
    mixType: mix,
    callSid: facts.callId ?? randomUUID(),
    direction: facts.direction ?? 'inbound',
    from: facts.ani,
    to: facts.dnis,
    callId: randomUUID(),
    sipStatus: 200,
    sipReason: 'OK',
    callStatus: 'in-progress',
    accountSid: randomUUID(),
    applicationSid: randomUUID(),
    traceId: randomUUID().replaceAll('-', ''),
    fsSipAddress: '127.0.0.1:5060',
    attestation: facts.attestation,
    customerId: facts.customer,
    ...facts.metadata,
  });
  const start = { headers: basicAuth(options), subprotocols: ['audio.jambonz.org'], hello };
  return helloWire(start, mix, facts, 'l16');
}
