import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { basicAuth, type HelloOptions, helloSpeaker, helloWire, mixOf, withQuery } from './hello-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const freeswitchSpeaker: Speaker<HelloOptions> = {
  ...helloSpeaker,
  encodings: ['l16'],
  ratesHz: [8000, 16000, 48000],
  wire: freeswitchWire,
};

/** `uuid_audio_fork <uuid> start <url> <mix> <rate> <metadata>`, the URL as docs/integration/freeswitch.md has it. */
function freeswitchWire(audio: CallAudio, facts: CallFacts, options: HelloOptions, url: string): CallWire {
  const mix = mixOf(audio, options);
  const hello = JSON.stringify({
    callId: facts.callId ?? randomUUID(),
    from: facts.ani,
    to: facts.dnis,
    direction: facts.direction,
    attestation: facts.attestation,
    customerId: facts.customer,
    ...facts.metadata,
  });
  const start = {
    headers: basicAuth(options),
    subprotocols: ['audio.drachtio.org'],
    url: withQuery(url, { rate: String(audio.sampleRateHz), mix }),
    hello,
  };
  return helloWire(start, mix, facts, 'l16');
}
