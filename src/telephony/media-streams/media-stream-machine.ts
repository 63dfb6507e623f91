import type { z } from 'zod';

import type { CallCloseReason } from '../../core/calls/intake.js';
import { type FatalErrorCode, frameError, telephonyErrors } from '../errors.js';
import { type JsonObject, parseObject } from '../json-object.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';
import { callOf } from './call-of.js';
import type { Dialect } from './dialect.js';
import { noteOf } from './hear.js';
import { StreamTracks } from './stream-tracks.js';

type State = 'awaiting-connected' | 'awaiting-start' | 'streaming' | 'finishing' | 'closed';

interface Stream {
  readonly id: string;
  readonly tracks: StreamTracks;
}

/** 400 ms of both tracks: how much may overtake the start message where order is not promised. */
const MOST_EARLY = 40;

const endErrors: Partial<Record<CallCloseReason, FatalErrorCode>> = {
  shutdown: 'shutting-down',
  'engine-failure': 'engine-failure',
  'silence-timeout': 'silence-timeout',
  'taken-over': 'taken-over',
};

/** Media Streams, Twilio's protocol and its dialects. A one-way stream breaks when anything is sent to it: this machine never sends. */
export class MediaStreamMachine implements ProtocolMachine {
  readonly #dialect: Dialect;
  readonly #accountId: string | undefined;
  readonly #timeouts: ProtocolTimeouts;
  readonly #early: JsonObject[] = [];
  #state: State = 'awaiting-connected';
  #stream: Stream | undefined;
  #lastAudioMs: number;
  #endCode: FatalErrorCode | undefined;

  /** With an account, a call of any other one is refused. */
  constructor(dialect: Dialect, accountId: string | undefined, timeouts: ProtocolTimeouts, nowMs: number) {
    this.#dialect = dialect;
    this.#accountId = accountId;
    this.#timeouts = timeouts;
    this.#lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    if (this.#state === 'closed') return [];
    const received = parseObject(data);
    if (!received) return this.#fault('not-json');
    const message = this.#dialect.unwrap?.(received) ?? received;
    const { event } = message;
    if (typeof event !== 'string') return this.#fault('invalid-field');
    switch (event) {
      case 'connected':
        return this.#connected(message);
      case 'start':
        return this.#start(message, nowMs);
      case 'media':
        return this.#media(message, nowMs);
      case 'stop':
        return this.#stop(message, nowMs);
      default:
        return this.#other(event, message, nowMs);
    }
  }

  binary(): ProtocolActions {
    return this.#state === 'closed' ? [] : this.#fault('binary-instead-of-text');
  }

  malformed(closeCode: number): ProtocolActions {
    return this.#state === 'closed' ? [] : this.#fail(frameError(closeCode));
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.#lastAudioMs;
    const waiting = this.#state === 'awaiting-connected' || this.#state === 'awaiting-start';
    if (waiting && waitedMs >= this.#timeouts.firstMessageMs) return this.#fail('start-timeout');
    if (this.#state !== 'streaming') return [];
    if (waitedMs >= this.#timeouts.silenceMs) return this.ended('silence-timeout');
    return this.#stream?.tracks.inOrder(nowMs) ?? [];
  }

  opened(): ProtocolActions {
    return [];
  }

  result(): ProtocolActions {
    return [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if ((this.#state === 'awaiting-connected' || this.#state === 'awaiting-start') && code) {
      return this.#fail(code);
    }
    if (this.#state !== 'streaming') return [];
    this.#state = 'finishing';
    this.#endCode = code;
    return [...this.#rest(), { kind: 'end', reason }];
  }

  flushed(): ProtocolActions {
    if (this.#state !== 'finishing') return [];
    if (this.#endCode) return this.#fail(this.#endCode);
    this.#state = 'closed';
    return [{ kind: 'close', closeCode: 1000, reason: 'stopped' }];
  }

  disconnected(): ProtocolActions {
    const open = this.#state === 'streaming';
    this.#state = 'closed';
    return open ? [...this.#rest(), { kind: 'end', reason: 'disconnected' }] : [];
  }

  #connected(message: JsonObject): ProtocolActions {
    if (this.#state !== 'awaiting-connected') return this.#fault('second-start');
    if (!this.#dialect.connected.safeParse(message).success) return this.#fault('invalid-field');
    this.#state = 'awaiting-start';
    return [];
  }

  #start(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.#state === 'awaiting-connected') return this.#fault('message-before-start');
    if (this.#state !== 'awaiting-start') return this.#fault('second-start');
    const parsed = this.#dialect.start.safeParse(message);
    if (!parsed.success) return this.#fault(this.#startFault(parsed.error));
    const start = parsed.data;
    if (this.#accountId !== undefined && start.accountId !== this.#accountId) {
      return this.#fault('account-mismatch');
    }
    const { format, tracks } = start;
    if (!format || tracks?.includes('inbound') === false) return this.#fault('unsupported-format');
    const stream = new StreamTracks(start, format, this.#dialect);
    this.#stream = { id: start.streamId, tracks: stream };
    this.#state = 'streaming';
    this.#lastAudioMs = nowMs;
    const actions: ProtocolAction[] = [
      { kind: 'open', description: callOf(start, stream.format, this.#dialect) },
    ];
    for (const early of this.#early.splice(0)) actions.push(...this.#media(early, nowMs));
    return actions;
  }

  #startFault(error: z.ZodError): FatalErrorCode {
    const inFormat = error.issues.some((issue) => issue.path[1] === this.#dialect.formatField);
    return inFormat ? 'unsupported-format' : 'invalid-field';
  }

  #media(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.#state === 'closed') return [];
    if (this.#mayComeEarly()) {
      this.#early.push(message);
      return [];
    }
    const stream = this.#stream;
    if (this.#state !== 'streaming' || !stream) return this.#fault('audio-before-start');
    const parsed = this.#dialect.media.safeParse(message);
    if (!parsed.success) return this.#fault('invalid-field');
    const packet = parsed.data;
    if (!this.#isOurs(packet.streamId)) return this.#fault('wrong-stream');
    this.#lastAudioMs = nowMs;
    const heard = stream.tracks.media(packet, nowMs);
    return typeof heard === 'string' ? this.#fault(heard) : heard;
  }

  #mayComeEarly(): boolean {
    return (
      this.#state === 'awaiting-start' &&
      this.#dialect.reorderWithinMs !== undefined &&
      this.#early.length < MOST_EARLY
    );
  }

  #rest(): ProtocolActions {
    return this.#stream?.tracks.rest() ?? [];
  }

  #stop(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.#state !== 'streaming') return this.#fault('message-before-start');
    const other = this.#dialect.other.safeParse(message);
    if (!other.success) return this.#fault('invalid-field');
    if (!this.#isOurs(other.data.streamId)) return this.#fault('wrong-stream');
    this.#lastAudioMs = nowMs;
    return this.ended('ended');
  }

  /** Tones and marks are not read; they have a place in the order, though. */
  #other(event: string, message: JsonObject, nowMs: number): ProtocolActions {
    if (this.#state === 'finishing') return this.#fault('invalid-field');
    const parsed = this.#dialect.other.safeParse(message);
    return [...noteOf(event), ...(this.#stream?.tracks.skip(parsed.data?.sequence, nowMs) ?? [])];
  }

  #isOurs(streamId: string | undefined): boolean {
    return streamId === undefined || streamId === this.#stream?.id;
  }

  /** After stop nothing but the last result matters any more: faults are counted and the flush goes on. */
  #fault(code: FatalErrorCode): ProtocolActions {
    return this.#state === 'finishing' ? [{ kind: 'count', code: 'message-after-stop' }] : this.#fail(code);
  }

  #fail(code: FatalErrorCode): ProtocolActions {
    const open = this.#state === 'streaming';
    this.#state = 'closed';
    const actions: ProtocolAction[] = [
      { kind: 'count', code },
      { kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code },
    ];
    return open ? [...actions, { kind: 'end', reason: 'protocol-error' }] : actions;
  }
}
