import { randomBytes } from 'node:crypto';

// The package's main module loads its whole REST client; this one is the signature code alone.
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import { type CallAudio, encoders } from './call-audio.js';
import { type CallFacts, type CallWire, PACKET_MS } from './wire.js';

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The wss URL that the server believes it has; that is what is signed. */
  readonly signedUrl: string;
}

/** Twilio Media Streams as Twilio would send them: https://www.twilio.com/docs/voice/media-streams/websocket-messages */
export function twilioWire(audio: CallAudio, facts: CallFacts, options: TwilioOptions): CallWire {
  const streamSid = sid('MZ');
  const callSid = facts.callId ?? sid('CA');
  const { accountSid } = options;
  const tracks = audio.channels.length === 2 ? ['inbound', 'outbound'] : ['inbound'];
  let sequence = 0;
  let chunk = 0;

  const message = (event: string, body: object): string =>
    JSON.stringify({ event, sequenceNumber: String((sequence += 1)), ...body, streamSid });

  return {
    headers: { 'x-twilio-signature': getExpectedTwilioSignature(options.authToken, options.signedUrl, {}) },
    subprotocols: [],
    begin: () => [
      JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
      message('start', {
        start: {
          streamSid,
          accountSid,
          callSid,
          tracks,
          mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
          customParameters: {
            ...facts.metadata,
            ...(facts.customer === undefined ? {} : { customerId: facts.customer }),
            ...(facts.ani === undefined ? {} : { from: facts.ani }),
            ...(facts.dnis === undefined ? {} : { to: facts.dnis }),
          },
        },
      }),
    ],
    packet: (channels) => {
      const timestamp = String(chunk * PACKET_MS);
      chunk += 1;
      return channels.map((samples, channel) => {
        const track = channel === facts.callerChannel ? 'inbound' : 'outbound';
        const payload = Buffer.from(encoders.mulaw(samples)).toString('base64');
        return message('media', { media: { track, chunk: String(chunk), timestamp, payload } });
      });
    },
    end: () => [message('stop', { stop: { accountSid, callSid } })],
  };
}

function sid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}
