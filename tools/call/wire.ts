import type { AudioEncoding } from '../../src/core/audio/stream-format.js';
import type { Attestation } from '../../src/core/calls/intake.js';
import type { CallAudio } from './call-audio.js';
import type { Connection } from './line.js';

/** Packets of 20 ms, as telephony platforms send them. */
export const packetMs = 20;

export type Frame = string | Uint8Array;

/** A protocol as the calling side speaks it. */
export interface CallWire {
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocols: readonly string[];
  /** Where the platform adds to the URL it was given. */
  readonly url?: string;
  /** Where the protocol goes over something else than a WebSocket. */
  dial?(url: string): Promise<Connection>;
  begin(): Frame[];
  /** The frames of one packet; `channels` hold the same 20 ms of each channel. */
  packet(channels: readonly Float32Array[]): Frame[];
  end(): Frame[] | 'hang-up';
  /** A message of the protocol's own that no call needs. */
  say?(type: string, parameters: object): Frame;
  /** What the platform answers to a message, where it answers at all. */
  answer?(heard: Readonly<Record<string, unknown>>): Frame[] | 'hang-up';
  /** Audio waits for it, where the platform waits for an answer. */
  readonly ready?: Promise<void>;
  /** What the other side found, where the protocol itself says it. */
  verdict?(): Readonly<Record<string, string>> | undefined;
  /** Once the other side has asked to be called anew: makes the wire of the stream that resumes this call. */
  successor?(): (() => CallWire) | undefined;
  /** The wire of a stream that resumes this call after its network broke, where that says more than the call's id. */
  readonly anew?: () => CallWire;
}

/** What of a call every protocol carries. */
export interface CallFacts {
  readonly customer?: string | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  readonly callId?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  readonly attestation?: Attestation | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly encoding: AudioEncoding;
  readonly callerChannel: 0 | 1;
}

/** The call cut into packets; the last one may be shorter. */
export function packetsOf({ sampleRateHz, channels }: CallAudio): readonly (readonly Float32Array[])[] {
  const size = (sampleRateHz * packetMs) / 1000;
  return Array.from({ length: Math.ceil(channels[0].length / size) }, (_, i) =>
    channels.map((samples) => samples.subarray(i * size, (i + 1) * size)),
  );
}
