import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { type HelloOptions, helloSpeaker, helloWire } from './hello-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const sinchSpeaker: Speaker<HelloOptions> = {
  ...helloSpeaker,
  encodings: ['l16'],
  ratesHz: [8000, 16000, 24000, 48000],
  wire: sinchWire,
};

/** A connectStream, which sends nothing before it is answered: https://developers.sinch.com/docs/voice/api-reference/svaml/streams */
function sinchWire(audio: CallAudio, facts: CallFacts, { token, mixed }: HelloOptions): CallWire {
  const mix = mixed === true ? 'mixed' : 'mono';
  let settleReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    settleReady = resolve;
  });
  const hello = JSON.stringify({
    command: 'connect',
    version: 1,
    callId: facts.callId ?? randomUUID(),
    applicationKey: randomUUID(),
    codec: 'PCM',
    sampleRate: audio.sampleRateHz,
    callHeaders: {
      mix,
      from: facts.ani,
      to: facts.dnis,
      direction: facts.direction,
      attestation: facts.attestation,
      customerId: facts.customer,
      ...facts.metadata,
    },
  });
  const start = { headers: { authorization: `Bearer ${token}` }, subprotocols: [], hello };
  return {
    ...helloWire(start, mix, facts, 'l16'),
    ready,
    answer: ({ command }) => {
      if (command === 'answer') settleReady();
      return [];
    },
  };
}
