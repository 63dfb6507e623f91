/**
 * The call simulator as a library: `streamCall(options, events)` plays WAV files as one call over a telephony WebSocket.
 * The demo, the tests and the benchmark use it; `timbre-call` (main.ts) is its command line.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AudioEncoding, StreamRateHz } from '../../src/core/audio/stream-format.js';
import type { Attestation } from '../../src/core/calls/intake.js';
import type { AudioAccount, CallResult } from '../../src/core/calls/result.js';
import { type CallAudio, readCallAudio } from './call-audio.js';
import { connect } from './connect.js';
import type { Connection } from './line.js';
import { play, reply, sendAll } from './play.js';
import { type ProtocolChoice, speakerOf } from './protocols.js';
import { type CallWire, packetMs, packetsOf } from './wire.js';

export interface CallOptions {
  /** WAV files, played one after the other. */
  readonly files: readonly string[];
  /** ws(s)://…/v1/telephony/stream, or the path of another protocol */
  readonly url: string;
  readonly protocol: ProtocolChoice;
  /** 1: talking speed. 0: as fast as the other side takes it. */
  readonly speed: number;
  readonly customer?: string | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  /** The platform's own id of the call. */
  readonly callId?: string | undefined;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** What STIR/SHAKEN vouches for of the number. */
  readonly attestation?: Attestation | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly encoding?: AudioEncoding | undefined;
  readonly sampleRateHz?: StreamRateHz | undefined;
  readonly stereo?: boolean | undefined;
  readonly callerChannel?: 0 | 1 | undefined;
  /** The network fails so far into the call, and the platform comes back with the same call after a while. */
  readonly drop?: { readonly atMs: number; readonly forMs: number } | undefined;
  /** Hangs up: nothing more is played, the call is stopped as at its end. */
  readonly hangUp?: AbortSignal | undefined;
}

export interface CallEvents {
  onStarted?(callId: string): void;
  /** `sentMs`: how much of the call had been sent when the result came. */
  onResult?(result: CallResult, sentMs: number): void;
  onSent?(sentMs: number): void;
}

export interface CallError {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

export type CallOutcome =
  /** Played, stopped and closed with 1000. */
  | ({ readonly kind: 'completed' } & CallRecord)
  /** Closed by the other side before that. */
  | ({ readonly kind: 'cut-off'; readonly closeCode: number; readonly closeReason: string } & CallRecord)
  | { readonly kind: 'refused'; readonly status: number; readonly title: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface CallRecord {
  /** Timbre's id of the call; a Twilio stream is not told. */
  readonly callId: string | undefined;
  readonly sentMs: number;
  readonly lastResult: CallResult | undefined;
  readonly audio: AudioAccount | undefined;
  readonly error: CallError | undefined;
  /** What a protocol that has a place for it was told at its end: an Audio Connector's output variables. */
  readonly verdict: Readonly<Record<string, string>> | undefined;
}

type OpenRecord = { -readonly [Key in keyof CallRecord]: CallRecord[Key] };

/** What Timbre says on its plain protocol. */
type ServerMessage =
  | { readonly type: 'started'; readonly callId: string }
  | ({ readonly type: 'result' } & CallResult)
  | { readonly type: 'stopped'; readonly audio: AudioAccount }
  | ({ readonly type: 'error' } & CallError);

/** How long a call that was told to come back tries to. */
const returnWithinMs = 10_000;
const retryMs = 200;

export async function streamCall(given: CallOptions, events: CallEvents = {}): Promise<CallOutcome> {
  // Who comes back must name the same call.
  const options = given.drop ? { ...given, callId: given.callId ?? randomUUID() } : given;
  const audio = await readCallAudio(options.files, options);
  const record: OpenRecord = {
    callId: undefined,
    sentMs: 0,
    lastResult: undefined,
    audio: undefined,
    error: undefined,
    verdict: undefined,
  };
  const packets = packetsOf(audio);
  let until = options.drop ? Math.floor(options.drop.atMs / packetMs) : Infinity;
  let wire = wireOf(options, audio);
  let connection = await connect(options.url, wire);
  for (;;) {
    if (connection.kind !== 'open') return connection;
    const { socket, closed } = connection;
    const speaking = wire;
    socket.on('message', (data: Buffer) => {
      const message: unknown = JSON.parse(data.toString('utf8'));
      if (speaking.answer) reply(socket, speaking.answer(message as Readonly<Record<string, unknown>>));
      else receive(message as ServerMessage, record, events);
    });
    await Promise.race([Promise.all([sendAll(socket, wire.begin()), wire.ready]), closed]);
    const said = await play(socket, wire, {
      ...{ packets, until, from: record.sentMs / packetMs, speed: options.speed, hangUp: options.hangUp },
      onSent: (sentMs) => {
        record.sentMs = sentMs;
        events.onSent?.(sentMs);
      },
    });
    const { code, reason } = await closed;
    record.verdict = wire.verdict?.();
    const successor = said === 'broken' ? (wire.anew ?? (() => wireOf(options, audio))) : wire.successor?.();
    if (!successor) {
      return code === 1000
        ? { kind: 'completed', ...record }
        : { kind: 'cut-off', closeCode: code, closeReason: reason, ...record };
    }
    if (said === 'broken') {
      until = Infinity;
      await missed(options, record);
    }
    [wire, connection] = await comeBack(options.url, successor);
  }
}

/** Nobody records what is said while the network is away. */
async function missed({ drop, speed }: CallOptions, record: OpenRecord): Promise<void> {
  const packets = Math.round((drop?.forMs ?? 0) / packetMs);
  record.sentMs += packets * packetMs;
  if (speed > 0) await sleep((packets * packetMs) / speed);
}

/** What asked for it may be a process that goes: the next one may not listen yet. */
async function comeBack(url: string, makeWire: () => CallWire): Promise<[CallWire, Connection]> {
  const untilMs = performance.now() + returnWithinMs;
  for (;;) {
    // A wire's signature is good for one attempt.
    const wire = makeWire();
    const connection = await connect(url, wire);
    const later =
      connection.kind === 'unreachable' || (connection.kind === 'refused' && connection.status === 503);
    if (!later || performance.now() >= untilMs) return [wire, connection];
    await sleep(retryMs);
  }
}

function receive(message: ServerMessage, record: OpenRecord, events: CallEvents): void {
  switch (message.type) {
    case 'started':
      record.callId = message.callId;
      events.onStarted?.(message.callId);
      break;
    case 'result':
      record.lastResult = message;
      events.onResult?.(message, record.sentMs);
      break;
    case 'stopped':
      record.audio = message.audio;
      break;
    case 'error':
      record.error = message;
      break;
  }
}

function wireOf(options: CallOptions, audio: CallAudio): CallWire {
  const { protocol, url, callerChannel = 0 } = options;
  const encoding = options.encoding ?? (audio.sampleRateHz === 8000 ? 'mulaw' : 'l16');
  return speakerOf(protocol.kind).wire(audio, { ...options, encoding, callerChannel }, protocol, url);
}
