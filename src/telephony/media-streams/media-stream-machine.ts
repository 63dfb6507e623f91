import type { z } from 'zod';

import type { CallCloseReason } from '../../core/calls/intake.js';
import { endErrors, type FatalErrorCode, frameError, telephonyErrors } from '../errors.js';
import { isHangUp } from '../hang-up.js';
import { type JsonObject, parseObject } from '../json-object.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  StreamTimeouts,
} from '../protocol-machine.js';
import { FaultBudget } from '../fault-budget.js';
import { callOf } from './call-of.js';
import type { Dialect } from './dialect.js';
import { noteOf } from './hear.js';
import { StreamTracks } from './stream-tracks.js';

type State = 'awaiting-start' | 'streaming' | 'finishing' | 'closed';

interface Stream {
  readonly id: string;
  readonly tracks: StreamTracks;
}

/** A second of both tracks in packets of 20 ms, and no more than that of the largest format: what is kept of audio before its start. */
const mostEarly = 100;
const mostEarlyChars = 400_000;

/** Media Streams, Twilio's protocol and its dialects. A one-way stream breaks when anything is sent to it: this machine never sends. */
export class MediaStreamMachine implements ProtocolMachine {
  private readonly dialect: Dialect;
  private readonly accountId: string | undefined;
  private readonly timeouts: StreamTimeouts;
  private readonly budget = new FaultBudget();
  private early: { readonly message: JsonObject; readonly chars: number }[] = [];
  private state: State = 'awaiting-start';
  private stream: Stream | undefined;
  private lastAudioMs: number;
  private isQuiet = false;
  private endCode: FatalErrorCode | undefined;

  /** With an account, a call of any other one is refused. */
  constructor(dialect: Dialect, accountId: string | undefined, timeouts: StreamTimeouts, nowMs: number) {
    this.dialect = dialect;
    this.accountId = accountId;
    this.timeouts = timeouts;
    this.lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    if (this.state === 'closed') return [];
    const received = parseObject(data);
    if (!received) return this.skip('not-json');
    const message = this.dialect.unwrap?.(received) ?? received;
    const { event } = message;
    if (typeof event !== 'string') return this.skip('invalid-field');
    if (this.state === 'finishing') return this.skip('message-after-stop');
    switch (event) {
      case 'connected':
        // Says nothing that start does not.
        return [];
      case 'start':
        return this.start(message, nowMs);
      case 'media':
        return this.media(message, data.length, nowMs);
      case 'stop':
        return this.stop(message, nowMs);
      default:
        return this.other(event, message, nowMs);
    }
  }

  binary(): ProtocolActions {
    return this.state === 'closed' ? [] : this.skip('binary-instead-of-text');
  }

  malformed(closeCode: number): ProtocolActions {
    return this.state === 'closed' ? [] : this.fail(frameError(closeCode));
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.lastAudioMs;
    if (this.state === 'awaiting-start') {
      return waitedMs >= this.timeouts.firstMessageMs ? this.fail('start-timeout') : [];
    }
    if (this.state !== 'streaming') return [];
    if (waitedMs >= this.timeouts.silenceMs) return this.ended('silence-timeout');
    const due = this.stream?.tracks.inOrder(nowMs) ?? [];
    if (this.isQuiet || waitedMs < this.timeouts.quietMs) return due;
    this.isQuiet = true;
    return [...due, { kind: 'hold' }];
  }

  opened(): ProtocolActions {
    return [];
  }

  result(): ProtocolActions {
    return [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if (this.state === 'awaiting-start' && code) return this.fail(code);
    if (this.state !== 'streaming') return [];
    this.state = 'finishing';
    this.endCode = code;
    return [...this.rest(), { kind: 'end', reason }];
  }

  flushed(): ProtocolActions {
    if (this.state !== 'finishing') return [];
    if (this.endCode) return this.fail(this.endCode);
    this.state = 'closed';
    return [{ kind: 'close', closeCode: 1000, reason: 'stopped' }];
  }

  disconnected(closeCode?: number): ProtocolActions {
    const open = this.state === 'streaming';
    this.state = 'closed';
    const reason = this.dialect.closeEnds && isHangUp(closeCode) ? 'ended' : 'disconnected';
    return open ? [...this.rest(), { kind: 'end', reason }] : [];
  }

  private start(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.state !== 'awaiting-start') return this.skip('second-start');
    const parsed = this.dialect.start.safeParse(message);
    if (!parsed.success) return this.fail(this.startFault(parsed.error));
    const start = parsed.data;
    if (this.accountId !== undefined && start.accountId !== this.accountId) {
      return this.fail('account-mismatch');
    }
    const { format, tracks } = start;
    if (!format || tracks?.includes('inbound') === false) return this.fail('unsupported-format');
    const stream = new StreamTracks(start, format, this.dialect);
    this.stream = { id: start.streamId, tracks: stream };
    this.state = 'streaming';
    this.lastAudioMs = nowMs;
    const early = this.early;
    this.early = [];
    return [
      { kind: 'open', description: callOf(start, stream.format, this.dialect) },
      ...early.flatMap((kept) => this.media(kept.message, kept.chars, nowMs)),
    ];
  }

  private startFault(error: z.ZodError): FatalErrorCode {
    const inFormat = error.issues.some((issue) => issue.path[1] === this.dialect.formatField);
    return inFormat ? 'unsupported-format' : 'invalid-field';
  }

  private media(message: JsonObject, chars: number, nowMs: number): ProtocolActions {
    const stream = this.stream;
    if (!stream) return this.keep(message, chars);
    // One of those that were kept may have been one too many.
    if (this.state !== 'streaming') return [];
    const parsed = this.dialect.media.safeParse(message);
    if (!parsed.success) return this.skip('invalid-field');
    const packet = parsed.data;
    if (!this.isOurs(packet.streamId)) return this.skip('wrong-stream');
    this.lastAudioMs = nowMs;
    this.isQuiet = false;
    const heard = stream.tracks.media(packet, nowMs);
    if (typeof heard === 'string') {
      // What comes after it must not wait for it.
      return [...stream.tracks.skip(packet.sequence, nowMs), ...this.skip(heard)];
    }
    this.budget.earn();
    return heard;
  }

  /** Its last second waits for what describes it. */
  private keep(message: JsonObject, chars: number): ProtocolActions {
    this.early.push({ message, chars });
    const sizeOf = (sum: number, kept: { readonly chars: number }): number => sum + kept.chars;
    const isFull = this.early.length > mostEarly || this.early.reduce(sizeOf, 0) > mostEarlyChars;
    if (!isFull) return [];
    this.early.shift();
    return [{ kind: 'count', code: 'audio-before-start' }];
  }

  private rest(): ProtocolActions {
    return this.stream?.tracks.rest() ?? [];
  }

  private stop(message: JsonObject, nowMs: number): ProtocolActions {
    if (this.state !== 'streaming') return this.skip('message-before-start');
    const { streamId } = this.dialect.other.safeParse(message).data ?? {};
    if (!this.isOurs(streamId)) return this.skip('wrong-stream');
    this.lastAudioMs = nowMs;
    return this.ended('ended');
  }

  /** Tones and marks are not read; they have a place in the order, though. */
  private other(event: string, message: JsonObject, nowMs: number): ProtocolActions {
    const parsed = this.dialect.other.safeParse(message);
    return [...noteOf(event), ...(this.stream?.tracks.skip(parsed.data?.sequence, nowMs) ?? [])];
  }

  private isOurs(streamId: string | undefined): boolean {
    return streamId === undefined || streamId === this.stream?.id;
  }

  /** Goes on without what was wrong, unless too much has been; after stop nothing but the last result matters any more. */
  private skip(code: FatalErrorCode | 'message-after-stop'): ProtocolActions {
    if (this.state === 'finishing' || code === 'message-after-stop') {
      return [{ kind: 'count', code: 'message-after-stop' }];
    }
    return this.budget.spend() ? [{ kind: 'count', code }] : this.fail(code);
  }

  private fail(code: FatalErrorCode): ProtocolActions {
    const open = this.state === 'streaming';
    this.state = 'closed';
    const actions: ProtocolAction[] = [
      { kind: 'count', code },
      { kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code },
    ];
    return open ? [...actions, { kind: 'end', reason: 'protocol-error' }] : actions;
  }
}
