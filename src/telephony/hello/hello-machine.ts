import { bytesPerFrame, durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { CallCloseReason, CallDescription } from '../../core/calls/intake.js';
import { EarlyAudio } from '../early-audio.js';
import {
  endErrors,
  type FatalErrorCode,
  frameError,
  type TelephonyErrorCode,
  telephonyErrors,
} from '../errors.js';
import { FaultBudget } from '../fault-budget.js';
import { isHangUp } from '../hang-up.js';
import type { JsonObject } from '../json-object.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  StreamTimeouts,
} from '../protocol-machine.js';

export type Hello =
  | {
      readonly kind: 'call';
      readonly description: Omit<CallDescription, 'tenantId'>;
      /** What the platform waits for before it sends audio. */
      readonly answer?: JsonObject;
    }
  | { readonly kind: 'fault'; readonly code: FatalErrorCode };

/** What one platform says in texts. Pure, and never throws. */
export interface HelloDialect {
  /** The text that announces the call; another one, `not-json` or `message-before-start`, may come before it. */
  hello(text: string): Hello;
  /** The call whose text does not come within a second of its audio, where the platform may leave it out. */
  unannounced?(): Hello;
  /** What is wrong with a text in mid-call, if anything. */
  during(text: string): TelephonyErrorCode | undefined;
  /** An empty binary frame asks Timbre to finish and to close. */
  readonly emptyFrameEnds: boolean;
}

type State =
  | { readonly kind: 'awaiting-hello' }
  | { readonly kind: 'streaming'; readonly format: StreamFormat }
  | { readonly kind: 'finishing'; readonly code: FatalErrorCode | undefined }
  | { readonly kind: 'closed' };

/** Of a text before the one that describes the call: that one may still come. */
const awaitable: ReadonlySet<FatalErrorCode> = new Set(['not-json', 'message-before-start']);

/** A text that says what the call is, then binary audio until the socket is closed. Nothing is sent where nobody listens: one platform wants one answer. */
export class HelloMachine implements ProtocolMachine {
  private readonly dialect: HelloDialect;
  private readonly timeouts: StreamTimeouts;
  private state: State = { kind: 'awaiting-hello' };
  private readonly budget = new FaultBudget();
  private readonly early = new EarlyAudio();
  private lastAudioMs: number;
  private receivedBytes = 0;
  private isQuiet = false;

  constructor(dialect: HelloDialect, timeouts: StreamTimeouts, nowMs: number) {
    this.dialect = dialect;
    this.timeouts = timeouts;
    this.lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    switch (this.state.kind) {
      case 'awaiting-hello':
        return this.begin(this.dialect.hello(data), nowMs);
      case 'streaming': {
        const code = this.dialect.during(data);
        return code === undefined ? [] : this.skip(code);
      }
      case 'finishing':
        return [{ kind: 'count', code: 'message-after-stop' }];
      case 'closed':
        return [];
    }
  }

  binary(data: Uint8Array, nowMs: number): ProtocolActions {
    switch (this.state.kind) {
      case 'awaiting-hello':
        return this.beforeHello(data, nowMs);
      case 'streaming':
        return this.audio(data, this.state.format, nowMs);
      case 'finishing':
        return [{ kind: 'count', code: 'message-after-stop' }];
      case 'closed':
        return [];
    }
  }

  malformed(closeCode: number): ProtocolActions {
    return this.state.kind === 'closed' ? [] : this.fail(frameError(closeCode));
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.lastAudioMs;
    if (this.state.kind === 'awaiting-hello') {
      if (this.early.isOld(nowMs) && this.dialect.unannounced) return this.beginUnannounced(nowMs);
      return waitedMs >= this.timeouts.firstMessageMs ? this.fail('start-timeout') : [];
    }
    if (this.state.kind !== 'streaming') return [];
    if (waitedMs >= this.timeouts.silenceMs) return this.ended('silence-timeout');
    if (this.isQuiet || waitedMs < this.timeouts.quietMs) return [];
    this.isQuiet = true;
    return [{ kind: 'hold' }];
  }

  opened(): ProtocolActions {
    return [];
  }

  result(): ProtocolActions {
    return [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if (this.state.kind === 'awaiting-hello' && code) return this.fail(code);
    if (this.state.kind !== 'streaming') return [];
    this.state = { kind: 'finishing', code };
    return [{ kind: 'end', reason }];
  }

  flushed(): ProtocolActions {
    if (this.state.kind !== 'finishing') return [];
    if (this.state.code) return this.fail(this.state.code);
    this.state = { kind: 'closed' };
    return [{ kind: 'close', closeCode: 1000, reason: 'stopped' }];
  }

  disconnected(closeCode = 1006): ProtocolActions {
    const begun = this.state.kind === 'awaiting-hello' ? this.beginUnannounced(this.lastAudioMs) : [];
    const open = this.state.kind === 'streaming';
    this.state = { kind: 'closed' };
    return open ? [...begun, { kind: 'end', reason: isHangUp(closeCode) ? 'ended' : 'disconnected' }] : begun;
  }

  private begin(hello: Hello, nowMs: number): ProtocolActions {
    if (hello.kind === 'fault')
      return awaitable.has(hello.code) ? this.skip(hello.code) : this.fail(hello.code);
    const { description } = hello;
    this.state = { kind: 'streaming', format: description.format };
    this.lastAudioMs = nowMs;
    const { frames, overflowed } = this.early.take(description.format);
    return [
      { kind: 'open', description },
      ...(hello.answer ? ([{ kind: 'send', message: hello.answer }] as const) : []),
      ...(overflowed ? ([{ kind: 'count', code: 'audio-before-start' }] as const) : []),
      ...frames.flatMap((frame) => this.binary(frame, nowMs)),
    ];
  }

  private beforeHello(data: Uint8Array, nowMs: number): ProtocolActions {
    if (data.length === 0 && this.dialect.emptyFrameEnds) {
      return [...this.beginUnannounced(nowMs), ...this.ended('ended')];
    }
    this.early.keep(data, nowMs);
    return [];
  }

  /** The call that has but audio. */
  private beginUnannounced(nowMs: number): ProtocolActions {
    return this.dialect.unannounced && !this.early.isEmpty
      ? this.begin(this.dialect.unannounced(), nowMs)
      : [];
  }

  private audio(data: Uint8Array, format: StreamFormat, nowMs: number): ProtocolActions {
    if (data.length === 0) return this.dialect.emptyFrameEnds ? this.ended('ended') : [];
    this.lastAudioMs = nowMs;
    this.isQuiet = false;
    const positionMs = durationMs(this.receivedBytes, format);
    const odd = data.length % bytesPerFrame(format);
    this.receivedBytes += data.length - odd;
    if (odd === 0) {
      this.budget.earn();
      return [{ kind: 'audio', bytes: data, positionMs }];
    }
    // Which byte is missing nobody knows: all of it is lost, and what follows keeps its place.
    const lostMs = durationMs(data.length - odd, format);
    return [
      ...(lostMs > 0 ? ([{ kind: 'lost', durationMs: lostMs }] as const) : []),
      ...this.skip('partial-frame'),
    ];
  }

  /** Goes on without what was wrong, unless too much has been. */
  private skip(code: TelephonyErrorCode): ProtocolActions {
    return isFatal(code) && !this.budget.spend() ? this.fail(code) : [{ kind: 'count', code }];
  }

  private fail(code: FatalErrorCode): ProtocolActions {
    const open = this.state.kind === 'streaming';
    this.state = { kind: 'closed' };
    const actions: ProtocolAction[] = [
      { kind: 'count', code },
      { kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code },
    ];
    return open ? [...actions, { kind: 'end', reason: 'protocol-error' }] : actions;
  }
}

function isFatal(code: TelephonyErrorCode): code is FatalErrorCode {
  return telephonyErrors[code].closeCode !== null;
}
