import { randomUUID } from 'node:crypto';

import type { CallAudio } from './call-audio.js';
import { mediaStreamsWire, type TokenOptions, tokenSpeaker } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import type { CallFacts, CallWire } from './wire.js';

export const twilioLikeSpeaker: Speaker<TokenOptions> = {
  ...tokenSpeaker,
  encodings: ['mulaw', 'l16'],
  ratesHz: [8000, 16000],
  wire: twilioLikeWire,
};

/** A stream of a platform that takes Twilio for its model and admits by token: Fonoster in `twilio` mode, KAZOO's Pivot. */
function twilioLikeWire(audio: CallAudio, facts: CallFacts, { token }: TokenOptions): CallWire {
  const encoding = facts.encoding === 'l16' ? 'l16' : 'mulaw';
  const name = encoding === 'l16' ? 'audio/L16' : 'audio/x-mulaw';
  return mediaStreamsWire(audio, facts, {
    headers: { authorization: `Bearer ${token}` },
    accountSid: randomUUID(),
    encoding,
    mediaFormat: { encoding: name, sampleRate: audio.sampleRateHz, channels: 1 },
  });
}
