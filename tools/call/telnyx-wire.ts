import { randomUUID } from 'node:crypto';

import type { AudioEncoding } from '../../src/core/audio/stream-format.js';
import type { CallAudio } from './call-audio.js';
import { parametersOf, payloadOf, type TokenOptions, tokenSpeaker } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import { type CallFacts, type CallWire, packetMs } from './wire.js';

export const telnyxSpeaker: Speaker<TokenOptions> = {
  ...tokenSpeaker,
  encodings: ['mulaw', 'alaw', 'l16'],
  ratesHz: [8000, 16000, 24000, 48000],
  wire: telnyxWire,
};

const names: Record<AudioEncoding, string> = { mulaw: 'PCMU', alaw: 'PCMA', l16: 'L16' };

/** A stream with a `stream_auth_token`: https://developers.telnyx.com/docs/voice/programmable-voice/media-streaming */
function telnyxWire(audio: CallAudio, facts: CallFacts, { token }: TokenOptions): CallWire {
  const streamId = randomUUID();
  const userId = randomUUID();
  const callControlId = facts.callId ?? `v3:${randomUUID()}`;
  let sequence = 0;
  let chunk = 0;

  const message = (event: string, body: object): string =>
    JSON.stringify({ event, sequence_number: String((sequence += 1)), ...body, stream_id: streamId });

  return {
    headers: { 'x-telnyx-streaming-auth-token': token },
    subprotocols: [],
    begin: () => [
      JSON.stringify({ event: 'connected', version: '1.0.0' }),
      message('start', {
        start: {
          user_id: userId,
          call_control_id: callControlId,
          call_session_id: randomUUID(),
          from: facts.ani ?? null,
          to: facts.dnis ?? null,
          client_state: null,
          custom_parameters: parametersOf(facts),
          media_format: { encoding: names[facts.encoding], sample_rate: audio.sampleRateHz, channels: 1 },
        },
      }),
    ],
    packet: (channels) => {
      const timestamp = String(chunk * packetMs);
      chunk += 1;
      const sent = channels.map((samples, channel) => {
        const track = channel === facts.callerChannel ? 'inbound' : 'outbound';
        const payload = payloadOf(samples, facts.encoding);
        return message('media', { media: { track, chunk: String(chunk), timestamp, payload } });
      });
      // Telnyx promises no order: here the agent's packet overtakes the caller's.
      return sent.reverse();
    },
    end: () => [message('stop', { stop: { user_id: userId, call_control_id: callControlId } })],
  };
}
