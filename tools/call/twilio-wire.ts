// The package's main module loads its whole REST client; this one is the signature code alone.
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import type { CallAudio } from './call-audio.js';
import { mediaStreamsWire } from './media-streams-wire.js';
import type { Speaker } from './speaker.js';
import { required } from './usage-error.js';
import type { CallFacts, CallWire } from './wire.js';

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The wss URL that the server believes it has, where it differs from the one dialled; that is what is signed. */
  readonly signedUrl?: string | undefined;
}

export const twilioSpeaker: Speaker<TwilioOptions> = {
  options: {
    'account-sid': { type: 'string' },
    'auth-token': { type: 'string' },
    'signed-url': { type: 'string' },
  },
  usage: `  --account-sid SID     of the credential known to Timbre
  --auth-token TOKEN    that signs the call; or TWILIO_AUTH_TOKEN in the environment
  --signed-url URL      the server's public wss URL, where it is not --url`,
  encodings: ['mulaw'],
  ratesHz: [8000],
  read: (values, env) => ({
    accountSid: required(values['account-sid'], '--account-sid'),
    authToken: required(values['auth-token'] ?? env['TWILIO_AUTH_TOKEN'], '--auth-token'),
    signedUrl: values['signed-url'] as string | undefined,
  }),
  wire: twilioWire,
};

/** A Media Stream that Twilio signs. */
function twilioWire(audio: CallAudio, facts: CallFacts, options: TwilioOptions, url: string): CallWire {
  const { accountSid, authToken, signedUrl = url } = options;
  return mediaStreamsWire(audio, facts, {
    headers: { 'x-twilio-signature': getExpectedTwilioSignature(authToken, signedUrl, {}) },
    accountSid,
    encoding: 'mulaw',
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
  });
}
