import { bytesPerFrame, durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { CallCloseReason, CallDescription } from '../../core/calls/intake.js';
import type { CallResult } from '../../core/calls/result.js';
import type { CallId } from '../../core/ids.js';
import { type FatalErrorCode, frameError, telephonyErrors } from '../errors.js';
import { type JsonObject, parseObject } from '../json-object.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';
import { faultOf, type MessageFault, type StartMessage, startSchema, stopSchema } from './start-message.js';

type State =
  | { readonly kind: 'awaiting-start' }
  | { readonly kind: 'streaming'; readonly format: StreamFormat }
  | { readonly kind: 'finishing'; readonly farewell: Farewell }
  | { readonly kind: 'closed' };

/** How the socket is closed once the call's last result is there. */
type Farewell = { readonly kind: 'stopped' } | { readonly kind: 'error'; readonly code: FatalErrorCode };

const endErrors: Partial<Record<CallCloseReason, FatalErrorCode>> = {
  shutdown: 'shutting-down',
  'engine-failure': 'engine-failure',
  'silence-timeout': 'silence-timeout',
  'taken-over': 'taken-over',
};

/** Timbre plain (`/v1/telephony/stream`): JSON start, binary audio, JSON stop; docs/integration.md. */
export class PlainMachine implements ProtocolMachine {
  readonly #timeouts: ProtocolTimeouts;
  #state: State = { kind: 'awaiting-start' };
  #lastAudioMs: number;
  #receivedBytes = 0;
  #wantsResults = false;
  #callId: CallId | undefined;
  #lastSent: CallResult | undefined;

  constructor(timeouts: ProtocolTimeouts, nowMs: number) {
    this.#timeouts = timeouts;
    this.#lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    if (this.#state.kind === 'closed') return [];
    if (this.#state.kind === 'finishing') return this.#complain('message-after-stop');
    const streaming = this.#state.kind === 'streaming';
    const message = parseObject(data);
    if (!message) return this.#fail({ code: streaming ? 'text-instead-of-binary' : 'not-json' });
    const type = message['type'];
    if (typeof type !== 'string') {
      return this.#fail({ code: 'invalid-field', field: 'type', expected: 'start or stop' });
    }
    if (type === 'start')
      return streaming ? this.#fail({ code: 'second-start' }) : this.#start(message, nowMs);
    if (type !== 'stop')
      return this.#fail({ code: 'unknown-type', field: 'type', expected: 'start or stop' });
    if (!streaming) return this.#fail({ code: 'message-before-start', expected: 'a start message first' });
    const stop = stopSchema.safeParse(message);
    return stop.success
      ? this.#finish('ended', { kind: 'stopped' })
      : this.#fail(faultOf(stop.error, message));
  }

  binary(data: Uint8Array, nowMs: number): ProtocolActions {
    if (this.#state.kind === 'closed') return [];
    if (this.#state.kind === 'awaiting-start') return this.#fail({ code: 'audio-before-start' });
    if (this.#state.kind === 'finishing') return this.#complain('message-after-stop');
    const { format } = this.#state;
    if (data.length % bytesPerFrame(format) !== 0) {
      return this.#fail({ code: 'partial-frame', expected: `a multiple of ${bytesPerFrame(format)} bytes` });
    }
    if (data.length === 0) return [];
    this.#lastAudioMs = nowMs;
    const positionMs = durationMs(this.#receivedBytes, format);
    this.#receivedBytes += data.length;
    return [{ kind: 'audio', bytes: data, positionMs }];
  }

  malformed(closeCode: number): ProtocolActions {
    return this.#state.kind === 'closed' ? [] : this.#fail({ code: frameError(closeCode) });
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.#lastAudioMs;
    if (this.#state.kind === 'awaiting-start' && waitedMs >= this.#timeouts.firstMessageMs) {
      return this.#fail({ code: 'start-timeout' });
    }
    if (this.#state.kind === 'streaming' && waitedMs >= this.#timeouts.silenceMs) {
      return this.#finish('silence-timeout', { kind: 'error', code: 'silence-timeout' });
    }
    return [];
  }

  opened(callId: CallId, resumed = false): ProtocolActions {
    this.#callId = callId;
    return [{ kind: 'send', message: { type: 'started', callId, ...(resumed && { resumed }) } }];
  }

  result(result: CallResult): ProtocolActions {
    if (!this.#wantsResults || this.#state.kind === 'closed') return [];
    this.#lastSent = result;
    return [{ kind: 'send', message: { type: 'result', ...result } }];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if (this.#state.kind === 'awaiting-start' && code) return this.#fail({ code });
    if (this.#state.kind !== 'streaming') return [];
    return this.#finish(reason, code ? { kind: 'error', code } : { kind: 'stopped' });
  }

  flushed(result: CallResult): ProtocolActions {
    if (this.#state.kind !== 'finishing') return [];
    const { farewell } = this.#state;
    const news = isSame(result, this.#lastSent) ? [] : this.result(result);
    if (farewell.kind === 'error') return [...news, ...this.#close({ code: farewell.code })];
    this.#state = { kind: 'closed' };
    const stopped = { type: 'stopped', callId: this.#callId, audio: result.audio };
    return [
      ...news,
      { kind: 'send', message: stopped },
      { kind: 'close', closeCode: 1000, reason: 'stopped' },
    ];
  }

  disconnected(closeCode = 1006): ProtocolActions {
    const open = this.#state.kind === 'streaming';
    this.#state = { kind: 'closed' };
    // A close in good order is as good as a stop; anything else may come back.
    return open ? [{ kind: 'end', reason: closeCode === 1000 ? 'ended' : 'disconnected' }] : [];
  }

  #start(message: JsonObject, nowMs: number): ProtocolActions {
    const parsed = startSchema.safeParse(message);
    if (!parsed.success) return this.#fail(faultOf(parsed.error, message));
    const description = describe(parsed.data);
    this.#wantsResults = parsed.data.results ?? false;
    this.#lastAudioMs = nowMs;
    this.#state = { kind: 'streaming', format: description.format };
    return [{ kind: 'open', description }];
  }

  #finish(reason: CallCloseReason, farewell: Farewell): ProtocolActions {
    this.#state = { kind: 'finishing', farewell };
    return [{ kind: 'end', reason }];
  }

  /** Says what is wrong and goes on. */
  #complain(code: 'message-after-stop'): ProtocolActions {
    const { message } = telephonyErrors[code];
    return [
      { kind: 'count', code },
      { kind: 'send', message: { type: 'error', code, message } },
    ];
  }

  #fail(fault: MessageFault): ProtocolActions {
    const open = this.#state.kind === 'streaming';
    const actions = this.#close(fault);
    return open ? [...actions, { kind: 'end', reason: 'protocol-error' }] : actions;
  }

  #close({ code, field, expected }: MessageFault): ProtocolAction[] {
    this.#state = { kind: 'closed' };
    const { closeCode, message } = telephonyErrors[code];
    const error = {
      type: 'error',
      code,
      message: expected === undefined ? message : `${message}; expected ${expected}`,
      ...(field === undefined ? {} : { field }),
    };
    return [
      { kind: 'count', code },
      { kind: 'send', message: error },
      { kind: 'close', closeCode, reason: code },
    ];
  }
}

function describe(start: StartMessage): Omit<CallDescription, 'tenantId'> {
  const { encoding, sampleRateHz, channels, callerChannel = 0, callId, direction, attestation } = start;
  return {
    protocol: 'plain',
    externalId: callId,
    format: { encoding, sampleRateHz, channels, callerChannel },
    ani: start.ani,
    dnis: start.dnis,
    claimedCustomer: start.claimedCustomerId,
    metadata: start.metadata ?? {},
    ...(direction && { direction }),
    ...(attestation && { attestation }),
    ...(start.mixed && { mixed: true }),
    // The platform's id of the call names it for as long as it lasts: a stream that comes with the same one goes on with it.
    ...(callId !== undefined && { streamKey: callId, continues: [callId] }),
  };
}

/** Results carry the time they were made at, which alone is no news. */
function isSame(a: CallResult, b: CallResult | undefined): boolean {
  return b !== undefined && JSON.stringify({ ...a, at: '' }) === JSON.stringify({ ...b, at: '' });
}
