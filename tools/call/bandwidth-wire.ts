import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { basicAuth } from './hello-wire.js';
import { parametersOf, payloadOf, type TokenOptions, tokenSpeaker } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const bandwidthSpeaker: Speaker<TokenOptions> = {
  ...tokenSpeaker,
  encodings: ['mulaw'],
  ratesHz: [8000],
  wire: bandwidthWire,
};

/** https://dev.bandwidth.com/docs/voice/programmable-voice/bxml/startStream */
function bandwidthWire(audio: CallAudio, facts: CallFacts, { token }: TokenOptions): CallWire {
  const metadata = {
    accountId: '9900000',
    callId: facts.callId ?? randomUUID(),
    streamId: randomUUID(),
    streamName: 'timbre',
    tracks: audio.channels.length === 2 ? [{ name: 'inbound' }, { name: 'outbound' }] : [{ name: 'inbound' }],
  };
  const numbers = { ...(facts.ani && { from: facts.ani }), ...(facts.dnis && { to: facts.dnis }) };
  let sequence = 0;
  return {
    headers: basicAuth({ token }),
    subprotocols: [],
    begin: () => [
      JSON.stringify({ eventType: 'start', metadata, streamParams: { ...parametersOf(facts), ...numbers } }),
    ],
    packet: (channels) =>
      channels.map((samples, channel) =>
        JSON.stringify({
          eventType: 'media',
          track: channel === facts.callerChannel ? 'inbound' : 'outbound',
          payload: payloadOf(samples, 'mulaw'),
          sequenceNumber: String((sequence += 1)),
        }),
      ),
    end: () => [JSON.stringify({ eventType: 'stop', metadata })],
  };
}
