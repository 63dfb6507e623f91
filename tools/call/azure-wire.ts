import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { withQuery } from './hello-wire.js';
import { parametersOf, payloadOf, type TokenOptions, tokenSpeaker } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import { type CallFacts, type CallWire, packetMs } from './wire.js';

export const azureSpeaker: Speaker<TokenOptions> = {
  ...tokenSpeaker,
  encodings: ['l16'],
  ratesHz: [16000, 24000],
  wire: azureWire,
};

/** An unmixed stream: https://learn.microsoft.com/azure/communication-services/concepts/call-automation/audio-streaming-concept */
function azureWire(audio: CallAudio, facts: CallFacts, { token }: TokenOptions, url: string): CallWire {
  const caller = facts.ani ?? '+12025550142';
  const beganMs = Date.now();
  let packets = 0;
  return {
    headers: {
      authorization: `Bearer ${token}`,
      'x-ms-call-connection-id': facts.callId ?? randomUUID(),
      'x-ms-call-correlation-id': randomUUID(),
    },
    subprotocols: [],
    url: withQuery(url, { mix: 'mono', from: facts.ani, to: facts.dnis, ...parametersOf(facts) }),
    begin: () => [
      JSON.stringify({
        kind: 'AudioMetadata',
        audioMetadata: {
          subscriptionId: randomUUID(),
          encoding: 'PCM',
          sampleRate: audio.sampleRateHz,
          channels: 1,
          length: (audio.sampleRateHz / 50) * 2,
        },
      }),
    ],
    packet: (channels) => {
      const timestamp = new Date(beganMs + packets * packetMs).toISOString();
      packets += 1;
      return channels.map((samples, channel) => {
        const participantRawID = channel === facts.callerChannel ? `4:${caller}` : '8:acs:agent';
        const data = payloadOf(samples, 'l16');
        return JSON.stringify({
          kind: 'AudioData',
          audioData: { timestamp, participantRawID, data, silent: false },
        });
      });
    },
    end: () => 'hang-up',
  };
}
