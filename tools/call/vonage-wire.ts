import type { CallAudio } from './call-audio.js';
import { type HelloOptions, helloSpeaker, helloWire } from './hello-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const vonageSpeaker: Speaker<HelloOptions> = {
  ...helloSpeaker,
  encodings: ['l16'],
  ratesHz: [8000, 16000],
  wire: vonageWire,
};

/** An endpoint with `authorization: { type: 'custom' }`: https://developer.vonage.com/en/voice/voice-api/concepts/websockets */
function vonageWire(audio: CallAudio, facts: CallFacts, { token, mixed }: HelloOptions): CallWire {
  const mix = mixed === true ? 'mixed' : 'mono';
  // Vonage's own two fields, and the endpoint's custom headers beside them.
  const hello = JSON.stringify({
    event: 'websocket:connected',
    'content-type': `audio/l16;rate=${String(audio.sampleRateHz)}`,
    mix,
    callId: facts.callId,
    from: facts.ani,
    to: facts.dnis,
    direction: facts.direction,
    attestation: facts.attestation,
    customerId: facts.customer,
    ...facts.metadata,
  });
  const start = { headers: { authorization: `Bearer ${token}` }, subprotocols: [], hello };
  return helloWire(start, mix, facts, 'l16');
}
