import { bytesPerFrame, durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { CallCloseReason, CallDescription } from '../../core/calls/intake.js';
import { type FatalErrorCode, frameError, type TelephonyErrorCode, telephonyErrors } from '../errors.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';

export type Hello =
  | { readonly kind: 'call'; readonly description: Omit<CallDescription, 'tenantId'> }
  | { readonly kind: 'fault'; readonly code: FatalErrorCode };

/** What one platform says in texts. Pure, and never throws. */
export interface HelloDialect {
  /** The text that announces the call. */
  hello(text: string): Hello;
  /** The call that begins with audio, where the platform may leave its text out. */
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

const endErrors: Partial<Record<CallCloseReason, FatalErrorCode>> = {
  shutdown: 'shutting-down',
  'engine-failure': 'engine-failure',
  'silence-timeout': 'silence-timeout',
  'taken-over': 'taken-over',
};

/** RFC 6455 §7.4.1: closed on purpose, with a code or without one. Anything else is a connection that broke. */
const HANG_UPS: readonly number[] = [1000, 1005];

/** A text that says what the call is, then binary audio until the socket is closed. Nothing is ever sent: nobody there listens. */
export class HelloMachine implements ProtocolMachine {
  readonly #dialect: HelloDialect;
  readonly #timeouts: ProtocolTimeouts;
  #state: State = { kind: 'awaiting-hello' };
  #lastAudioMs: number;
  #receivedBytes = 0;

  constructor(dialect: HelloDialect, timeouts: ProtocolTimeouts, nowMs: number) {
    this.#dialect = dialect;
    this.#timeouts = timeouts;
    this.#lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    switch (this.#state.kind) {
      case 'awaiting-hello':
        return this.#begin(this.#dialect.hello(data), nowMs);
      case 'streaming': {
        const code = this.#dialect.during(data);
        if (code === undefined) return [];
        return isFatal(code) ? this.#fail(code) : [{ kind: 'count', code }];
      }
      case 'finishing':
        return [{ kind: 'count', code: 'message-after-stop' }];
      case 'closed':
        return [];
    }
  }

  binary(data: Uint8Array, nowMs: number): ProtocolActions {
    switch (this.#state.kind) {
      case 'awaiting-hello':
        return this.#dialect.unannounced
          ? [...this.#begin(this.#dialect.unannounced(), nowMs), ...this.binary(data, nowMs)]
          : this.#fail('audio-before-start');
      case 'streaming':
        return this.#audio(data, this.#state.format, nowMs);
      case 'finishing':
        return [{ kind: 'count', code: 'message-after-stop' }];
      case 'closed':
        return [];
    }
  }

  malformed(closeCode: number): ProtocolActions {
    return this.#state.kind === 'closed' ? [] : this.#fail(frameError(closeCode));
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.#lastAudioMs;
    if (this.#state.kind === 'awaiting-hello' && waitedMs >= this.#timeouts.firstMessageMs) {
      return this.#fail('start-timeout');
    }
    return this.#state.kind === 'streaming' && waitedMs >= this.#timeouts.silenceMs
      ? this.ended('silence-timeout')
      : [];
  }

  opened(): ProtocolActions {
    return [];
  }

  result(): ProtocolActions {
    return [];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if (this.#state.kind === 'awaiting-hello' && code) return this.#fail(code);
    if (this.#state.kind !== 'streaming') return [];
    this.#state = { kind: 'finishing', code };
    return [{ kind: 'end', reason }];
  }

  flushed(): ProtocolActions {
    if (this.#state.kind !== 'finishing') return [];
    if (this.#state.code) return this.#fail(this.#state.code);
    this.#state = { kind: 'closed' };
    return [{ kind: 'close', closeCode: 1000, reason: 'stopped' }];
  }

  disconnected(closeCode = 1006): ProtocolActions {
    const open = this.#state.kind === 'streaming';
    this.#state = { kind: 'closed' };
    return open ? [{ kind: 'end', reason: HANG_UPS.includes(closeCode) ? 'ended' : 'disconnected' }] : [];
  }

  #begin(hello: Hello, nowMs: number): ProtocolActions {
    if (hello.kind === 'fault') return this.#fail(hello.code);
    this.#state = { kind: 'streaming', format: hello.description.format };
    this.#lastAudioMs = nowMs;
    return [{ kind: 'open', description: hello.description }];
  }

  #audio(data: Uint8Array, format: StreamFormat, nowMs: number): ProtocolActions {
    if (data.length === 0) return this.#dialect.emptyFrameEnds ? this.ended('ended') : [];
    if (data.length % bytesPerFrame(format) !== 0) return this.#fail('partial-frame');
    this.#lastAudioMs = nowMs;
    const positionMs = durationMs(this.#receivedBytes, format);
    this.#receivedBytes += data.length;
    return [{ kind: 'audio', bytes: data, positionMs }];
  }

  #fail(code: FatalErrorCode): ProtocolActions {
    const open = this.#state.kind === 'streaming';
    this.#state = { kind: 'closed' };
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
