import { randomBytes } from 'node:crypto';

import type { AudioEncoding } from '../../src/core/audio/stream-format.js';
import type { Attestation } from '../../src/core/calls/intake.js';
import { type CallAudio, encoders } from './call-audio.js';
import type { Speaker } from './speaker.js';
import { required } from './usage-error.js';
import { type CallFacts, type CallWire, packetMs } from './wire.js';

/** For the platforms that present a Timbre token; the wire and its codecs are each one's own. */
export interface TokenOptions {
  readonly token: string;
}

export const tokenSpeaker: Pick<Speaker<TokenOptions>, 'options' | 'usage' | 'read'> = {
  options: { token: { type: 'string' } },
  usage: `  --token TOKEN         of a telephony role; or TIMBRE_TOKEN in the environment`,
  read: ({ token }, env) => ({ token: required(token ?? env['TIMBRE_TOKEN'], '--token') }),
};

/** What a flow passes on as custom parameters. */
export function parametersOf({
  metadata,
  customer,
  direction,
  attestation,
}: CallFacts): Record<string, string> {
  return {
    ...metadata,
    ...(customer !== undefined && { customerId: customer }),
    ...(direction !== undefined && { direction }),
    ...(attestation !== undefined && { stirVerstat: verstatOf(attestation) }),
  };
}

/** In the words of the SIP header that Twilio and Telnyx pass on. */
function verstatOf(attestation: Attestation): string {
  return attestation === 'failed' ? 'TN-Validation-Failed' : `TN-Validation-Passed-${attestation}`;
}

/** Samples as a payload in base64. */
export function payloadOf(samples: Float32Array, encoding: AudioEncoding): string {
  return Buffer.from(encoders[encoding](samples)).toString('base64');
}

export function sid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}

export interface MediaStreamOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly accountSid: string;
  readonly encoding: AudioEncoding;
  readonly mediaFormat: object;
}

/** Media Streams as Twilio, and SignalWire after it, send them: https://www.twilio.com/docs/voice/media-streams/websocket-messages */
export function mediaStreamsWire(audio: CallAudio, facts: CallFacts, options: MediaStreamOptions): CallWire {
  const { headers, accountSid, encoding, mediaFormat } = options;
  const streamSid = sid('MZ');
  const callSid = facts.callId ?? sid('CA');
  const tracks = audio.channels.length === 2 ? ['inbound', 'outbound'] : ['inbound'];
  const numbers = {
    ...(facts.ani === undefined ? {} : { from: facts.ani }),
    ...(facts.dnis === undefined ? {} : { to: facts.dnis }),
  };
  let sequence = 0;
  let chunk = 0;

  const message = (event: string, body: object): string =>
    JSON.stringify({ event, sequenceNumber: String((sequence += 1)), ...body, streamSid });

  return {
    headers,
    subprotocols: [],
    begin: () => [
      JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
      message('start', {
        start: {
          streamSid,
          accountSid,
          callSid,
          tracks,
          mediaFormat,
          customParameters: { ...parametersOf(facts), ...numbers },
        },
      }),
    ],
    packet: (channels) => {
      const timestamp = String(chunk * packetMs);
      chunk += 1;
      return channels.map((samples, channel) => {
        const track = channel === facts.callerChannel ? 'inbound' : 'outbound';
        const payload = payloadOf(samples, encoding);
        return message('media', { media: { track, chunk: String(chunk), timestamp, payload } });
      });
    },
    end: () => [message('stop', { stop: { accountSid, callSid } })],
  };
}
