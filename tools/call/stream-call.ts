/**
 * The call simulator as a library: `streamCall(options, events)` plays WAV files as one call over a telephony WebSocket.
 * The demo, the tests and the benchmark use it; `timbre-call` (main.ts) is its command line.
 */
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import type { AudioEncoding, StreamRateHz } from '../../src/core/audio/stream-format.js';
import type { AudioAccount, CallResult } from '../../src/core/calls/result.js';
import { type CallAudio, readCallAudio } from './call-audio.js';
import { connect } from './connect.js';
import { plainWire } from './plain-wire.js';
import { twilioWire } from './twilio-wire.js';
import { type CallWire, type Frame, PACKET_MS, packetsOf } from './wire.js';

export interface CallOptions {
  /** WAV files, played one after the other. */
  readonly files: readonly string[];
  /** ws(s)://…/v1/telephony/stream or …/twilio */
  readonly url: string;
  readonly protocol:
    | { readonly kind: 'plain'; readonly token: string; readonly results?: boolean }
    | {
        readonly kind: 'twilio';
        readonly accountSid: string;
        readonly authToken: string;
        /** Where the server's public URL differs from `url`. */
        readonly signedUrl?: string | undefined;
      };
  /** 1: talking speed. 0: as fast as the other side takes it. */
  readonly speed: number;
  readonly customer?: string | undefined;
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
  /** The platform's own id of the call. */
  readonly callId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly encoding?: AudioEncoding | undefined;
  readonly sampleRateHz?: StreamRateHz | undefined;
  readonly stereo?: boolean | undefined;
  readonly callerChannel?: 0 | 1 | undefined;
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
}

type OpenRecord = { -readonly [Key in keyof CallRecord]: CallRecord[Key] };

/** What Timbre says on its plain protocol. */
type ServerMessage =
  | { readonly type: 'started'; readonly callId: string }
  | ({ readonly type: 'result' } & CallResult)
  | { readonly type: 'stopped'; readonly audio: AudioAccount }
  | ({ readonly type: 'error' } & CallError);

/** Waiting output past which a call at speed 0 waits. */
const MAX_WAITING_BYTES = 64 * 1024;

export async function streamCall(options: CallOptions, events: CallEvents = {}): Promise<CallOutcome> {
  const audio = await readCallAudio(options.files, options);
  const wire = wireOf(options, audio);
  const connection = await connect(options.url, wire);
  if (connection.kind !== 'open') return connection;
  const { socket, closed } = connection;
  const record: OpenRecord = {
    callId: undefined,
    sentMs: 0,
    lastResult: undefined,
    audio: undefined,
    error: undefined,
  };
  socket.on('message', (data: Buffer) => {
    receive(JSON.parse(data.toString('utf8')) as ServerMessage, record, events);
  });
  await play(socket, wire, audio, options, (sentMs) => {
    record.sentMs = sentMs;
    events.onSent?.(sentMs);
  });
  const { code, reason } = await closed;
  return code === 1000
    ? { kind: 'completed', ...record }
    : { kind: 'cut-off', closeCode: code, closeReason: reason, ...record };
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
  const facts = { ...options, encoding, callerChannel };
  return protocol.kind === 'plain'
    ? plainWire(audio, facts, { token: protocol.token, results: protocol.results ?? false })
    : twilioWire(audio, facts, { ...protocol, signedUrl: protocol.signedUrl ?? url });
}

async function play(
  socket: WebSocket,
  wire: CallWire,
  audio: CallAudio,
  { speed, hangUp }: CallOptions,
  onSent: (sentMs: number) => void,
): Promise<void> {
  await sendAll(socket, wire.begin());
  const startedMs = performance.now();
  for (const [i, packet] of packetsOf(audio).entries()) {
    // Against the wall clock, so that what one packet was late the next is early.
    const dueMs = speed > 0 ? startedMs + (i * PACKET_MS) / speed : 0;
    const waitMs = dueMs - performance.now();
    // Without a breath a call at full speed would hear nothing until it is over.
    await (waitMs > 0 ? sleep(waitMs) : breathe());
    if (socket.readyState !== WebSocket.OPEN || hangUp?.aborted === true) break;
    await sendAll(socket, wire.packet(packet));
    onSent((i + 1) * PACKET_MS);
  }
  await sendAll(socket, wire.end());
}

async function sendAll(socket: WebSocket, frames: readonly Frame[]): Promise<void> {
  for (const frame of frames) {
    if (socket.readyState !== WebSocket.OPEN) return;
    const written = new Promise<void>((resolve) => {
      socket.send(frame, () => {
        resolve();
      });
    });
    if (socket.bufferedAmount > MAX_WAITING_BYTES) await written;
  }
}
