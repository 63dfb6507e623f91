import { timbreSubprotocol } from '../../src/platform/ws/gateway.js';
import { type CallAudio, encoders } from './call-audio.js';
import type { Speaker } from './speaker.js';
import { required } from './usage-error.js';
import type { CallFacts, CallWire } from './wire.js';

export interface PlainOptions {
  readonly token: string;
  readonly results?: boolean;
}

export const plainSpeaker: Speaker<PlainOptions> = {
  options: { token: { type: 'string' }, results: { type: 'boolean' } },
  usage: `  --token TOKEN         of a telephony role; or TIMBRE_TOKEN in the environment
  --results             print each result`,
  encodings: ['mulaw', 'alaw', 'l16'],
  ratesHz: [8000, 16000, 48000],
  read: ({ token, results }, env) => ({
    token: required(token ?? env['TIMBRE_TOKEN'], '--token'),
    results: results === true,
  }),
  wire: plainWire,
};

/** Timbre's own protocol (docs/integration.md). */
export function plainWire(audio: CallAudio, facts: CallFacts, options: PlainOptions): CallWire {
  const { encoding, callerChannel, callId, ani, dnis, direction, attestation, customer, metadata } = facts;
  const start = {
    type: 'start',
    callId,
    encoding,
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels.length,
    callerChannel,
    ani,
    dnis,
    direction,
    attestation,
    claimedCustomerId: customer,
    metadata,
    results: options.results ?? false,
  };
  return {
    headers: { authorization: `Bearer ${options.token}` },
    subprotocols: [timbreSubprotocol],
    begin: () => [JSON.stringify(start)],
    packet: (channels) => [encoders[encoding](interleaved(channels))],
    end: () => [JSON.stringify({ type: 'stop' })],
  };
}

function interleaved(channels: readonly Float32Array[]): Float32Array {
  const [left, right] = channels;
  if (!left) return new Float32Array(0);
  if (!right) return left;
  return Float32Array.from({ length: left.length * 2 }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1] ?? 0);
}
