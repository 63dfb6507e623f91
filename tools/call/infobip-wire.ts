import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { basicAuth, type HelloOptions, helloSpeaker, helloWire } from './hello-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const infobipSpeaker: Speaker<HelloOptions> = {
  ...helloSpeaker,
  encodings: ['l16'],
  ratesHz: [8000, 16000, 24000, 48000],
  wire: infobipWire,
};

/** A media streaming configuration with basic authentication: https://www.infobip.com/docs/voice-and-video/calls */
function infobipWire(audio: CallAudio, facts: CallFacts, options: HelloOptions): CallWire {
  const mix = options.mixed === true ? 'mixed' : 'mono';
  const hello = JSON.stringify({
    callId: facts.callId ?? randomUUID(),
    // A text, as Infobip writes it.
    sampleRate: String(audio.sampleRateHz),
    packetizationTime: 20,
    customData: {
      mix,
      from: facts.ani,
      to: facts.dnis,
      direction: facts.direction,
      attestation: facts.attestation,
      customerId: facts.customer,
      ...facts.metadata,
    },
  });
  return helloWire({ headers: basicAuth(options), subprotocols: [], hello }, mix, facts, 'l16');
}
