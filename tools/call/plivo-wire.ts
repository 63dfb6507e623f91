import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { basicAuth } from './hello-wire.js';
import { parametersOf, payloadOf, type TokenOptions, tokenSpeaker } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import { type CallFacts, type CallWire, packetMs } from './wire.js';

export const plivoSpeaker: Speaker<TokenOptions> = {
  ...tokenSpeaker,
  encodings: ['mulaw', 'l16'],
  ratesHz: [8000, 16000],
  wire: plivoWire,
};

/** A `<Stream>` whose URL carries the token: https://www.plivo.com/docs/voice/xml/the-stream-element */
function plivoWire(audio: CallAudio, facts: CallFacts, { token }: TokenOptions): CallWire {
  const [streamId, accountId] = [randomUUID(), 'timbre-call'];
  const callId = facts.callId ?? randomUUID();
  const numbers = { ...(facts.ani && { from: facts.ani }), ...(facts.dnis && { to: facts.dnis }) };
  const headers = Object.entries({ ...parametersOf(facts), ...numbers });
  let sequence = 0;
  let chunk = 0;
  const message = (event: string, body: object): string =>
    JSON.stringify({ event, sequenceNumber: (sequence += 1), ...body });

  return {
    headers: basicAuth({ token }),
    subprotocols: [],
    begin: () => [
      message('start', {
        start: {
          callId,
          streamId,
          accountId,
          tracks: audio.channels.length === 2 ? ['inbound', 'outbound'] : ['inbound'],
          mediaFormat: {
            encoding: facts.encoding === 'l16' ? 'audio/x-l16' : 'audio/x-mulaw',
            sampleRate: audio.sampleRateHz,
          },
        },
        extra_headers: headers.map(([name, value]) => `${name}=${value}`).join(';'),
      }),
    ],
    packet: (channels) => {
      const timestamp = String(chunk * packetMs);
      chunk += 1;
      return channels.map((samples, channel) => {
        const track = channel === facts.callerChannel ? 'inbound' : 'outbound';
        const payload = payloadOf(samples, facts.encoding);
        return message('media', { streamId, media: { track, timestamp, chunk, payload } });
      });
    },
    end: () => 'hang-up',
  };
}
