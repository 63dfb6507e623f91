import { TIMBRE_SUBPROTOCOL } from '../../src/platform/ws/gateway.js';
import { type CallAudio, encoders } from './call-audio.js';
import type { CallFacts, CallWire } from './wire.js';

export interface PlainOptions {
  readonly token: string;
  readonly results: boolean;
}

/** Timbre's own protocol (docs/integration.md). */
export function plainWire(audio: CallAudio, facts: CallFacts, options: PlainOptions): CallWire {
  const { encoding, callerChannel, callId, ani, dnis, customer, metadata } = facts;
  const start = {
    type: 'start',
    callId,
    encoding,
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels.length,
    callerChannel,
    ani,
    dnis,
    claimedCustomerId: customer,
    metadata,
    results: options.results,
  };
  return {
    headers: { authorization: `Bearer ${options.token}` },
    subprotocols: [TIMBRE_SUBPROTOCOL],
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
