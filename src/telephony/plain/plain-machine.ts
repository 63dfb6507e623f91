import { bytesPerFrame, durationMs, type StreamFormat } from '../../core/audio/stream-format.js';
import type { CallCloseReason } from '../../core/calls/intake.js';
import type { CallResult } from '../../core/calls/result.js';
import type { CallId } from '../../core/ids.js';
import { EarlyAudio } from '../early-audio.js';
import { endErrors, type FatalErrorCode, frameError, telephonyErrors } from '../errors.js';
import { FaultBudget } from '../fault-budget.js';
import { type JsonObject, parseObject } from '../json-object.js';
import type {
  ProtocolAction,
  ProtocolActions,
  ProtocolMachine,
  ProtocolTimeouts,
} from '../protocol-machine.js';
import { type Complaint, describe, faultOfType, inWords, isSame } from './plain-words.js';
import { faultOf, type MessageFault, startSchema, stopSchema } from './start-message.js';

type State =
  | { readonly kind: 'awaiting-start' }
  | { readonly kind: 'streaming'; readonly format: StreamFormat }
  | { readonly kind: 'finishing'; readonly farewell: Farewell }
  | { readonly kind: 'closed' };

/** How the socket is closed once the call's last result is there. */
type Farewell = { readonly kind: 'stopped' } | { readonly kind: 'error'; readonly code: FatalErrorCode };

/** Timbre plain (`/v1/telephony/stream`): JSON start, binary audio, JSON stop; docs/integration.md. */
export class PlainMachine implements ProtocolMachine {
  private readonly timeouts: ProtocolTimeouts;
  private state: State = { kind: 'awaiting-start' };
  private readonly budget = new FaultBudget();
  private readonly early = new EarlyAudio();
  private lastAudioMs: number;
  private receivedBytes = 0;
  private wantsResults = false;
  private callId: CallId | undefined;
  private lastSent: CallResult | undefined;

  constructor(timeouts: ProtocolTimeouts, nowMs: number) {
    this.timeouts = timeouts;
    this.lastAudioMs = nowMs;
  }

  text(data: string, nowMs: number): ProtocolActions {
    if (this.state.kind === 'closed') return [];
    if (this.state.kind === 'finishing') return this.complain({ code: 'message-after-stop' });
    return this.state.kind === 'streaming' ? this.during(data) : this.announce(data, nowMs);
  }

  binary(data: Uint8Array, nowMs: number): ProtocolActions {
    if (this.state.kind === 'closed') return [];
    if (this.state.kind === 'finishing') return this.complain({ code: 'message-after-stop' });
    if (this.state.kind === 'awaiting-start') {
      this.early.keep(data, nowMs);
      return [];
    }
    if (data.length === 0) return [];
    const { format } = this.state;
    this.lastAudioMs = nowMs;
    const positionMs = durationMs(this.receivedBytes, format);
    const frame = bytesPerFrame(format);
    const odd = data.length % frame;
    this.receivedBytes += data.length - odd;
    if (odd === 0) {
      this.budget.earn();
      return [{ kind: 'audio', bytes: data, positionMs }];
    }
    // Which byte is missing nobody knows: all of it is lost, and what follows keeps its place.
    const lostMs = durationMs(data.length - odd, format);
    return [
      ...(lostMs > 0 ? ([{ kind: 'lost', durationMs: lostMs }] as const) : []),
      ...this.skip({ code: 'partial-frame', expected: `a multiple of ${frame} bytes` }),
    ];
  }

  malformed(closeCode: number): ProtocolActions {
    return this.state.kind === 'closed' ? [] : this.fail({ code: frameError(closeCode) });
  }

  tick(nowMs: number): ProtocolActions {
    const waitedMs = nowMs - this.lastAudioMs;
    if (this.state.kind === 'awaiting-start' && waitedMs >= this.timeouts.firstMessageMs) {
      return this.fail({ code: 'start-timeout' });
    }
    if (this.state.kind === 'streaming' && waitedMs >= this.timeouts.silenceMs) {
      return this.finish('silence-timeout', { kind: 'error', code: 'silence-timeout' });
    }
    return [];
  }

  opened(callId: CallId, resumed = false): ProtocolActions {
    this.callId = callId;
    return [{ kind: 'send', message: { type: 'started', callId, ...(resumed && { resumed }) } }];
  }

  result(result: CallResult): ProtocolActions {
    if (!this.wantsResults || this.state.kind === 'closed') return [];
    this.lastSent = result;
    return [{ kind: 'send', message: { type: 'result', ...result } }];
  }

  ended(reason: CallCloseReason): ProtocolActions {
    const code = endErrors[reason];
    if (this.state.kind === 'awaiting-start' && code) return this.fail({ code });
    if (this.state.kind !== 'streaming') return [];
    return this.finish(reason, code ? { kind: 'error', code } : { kind: 'stopped' });
  }

  flushed(result: CallResult): ProtocolActions {
    if (this.state.kind !== 'finishing') return [];
    const { farewell } = this.state;
    const news = isSame(result, this.lastSent) ? [] : this.result(result);
    if (farewell.kind === 'error') return [...news, ...this.close({ code: farewell.code })];
    this.state = { kind: 'closed' };
    const stopped = { type: 'stopped', callId: this.callId, audio: result.audio };
    return [
      ...news,
      { kind: 'send', message: stopped },
      { kind: 'close', closeCode: 1000, reason: 'stopped' },
    ];
  }

  disconnected(closeCode = 1006): ProtocolActions {
    const open = this.state.kind === 'streaming';
    this.state = { kind: 'closed' };
    // A close in good order is as good as a stop; anything else may come back.
    return open ? [{ kind: 'end', reason: closeCode === 1000 ? 'ended' : 'disconnected' }] : [];
  }

  /** Whoever can not even start is told so at once, and closed. */
  private announce(data: string, nowMs: number): ProtocolActions {
    const message = parseObject(data);
    if (!message) return this.fail({ code: 'not-json' });
    const fault = faultOfType(message['type']);
    if (fault) return this.fail(fault);
    return message['type'] === 'start'
      ? this.start(message, nowMs)
      : this.fail({ code: 'message-before-start', expected: 'a start message first' });
  }

  /** What is wrong in mid-call is told, and the call goes on without it. */
  private during(data: string): ProtocolActions {
    const message = parseObject(data);
    if (!message) return this.skip({ code: 'text-instead-of-binary' });
    const fault = faultOfType(message['type']);
    if (fault) return this.skip(fault);
    if (message['type'] === 'start') return this.skip({ code: 'second-start' });
    const stop = stopSchema.safeParse(message);
    return stop.success ? this.finish('ended', { kind: 'stopped' }) : this.skip(faultOf(stop.error, message));
  }

  private start(message: JsonObject, nowMs: number): ProtocolActions {
    const parsed = startSchema.safeParse(message);
    if (!parsed.success) return this.fail(faultOf(parsed.error, message));
    const description = describe(parsed.data);
    this.wantsResults = parsed.data.results ?? false;
    this.lastAudioMs = nowMs;
    this.state = { kind: 'streaming', format: description.format };
    const { frames, overflowed } = this.early.take(description.format);
    return [
      { kind: 'open', description },
      ...(overflowed ? this.complain({ code: 'audio-before-start' }) : []),
      ...frames.flatMap((frame) => this.binary(frame, nowMs)),
    ];
  }

  private finish(reason: CallCloseReason, farewell: Farewell): ProtocolActions {
    this.state = { kind: 'finishing', farewell };
    return [{ kind: 'end', reason }];
  }

  private skip(fault: MessageFault): ProtocolActions {
    return this.budget.spend() ? this.complain(fault) : this.fail(fault);
  }

  /** Says what is wrong and goes on. */
  private complain(fault: Complaint): ProtocolActions {
    return [
      { kind: 'count', code: fault.code },
      { kind: 'send', message: inWords(fault) },
    ];
  }

  private fail(fault: MessageFault): ProtocolActions {
    const open = this.state.kind === 'streaming';
    const actions = this.close(fault);
    return open ? [...actions, { kind: 'end', reason: 'protocol-error' }] : actions;
  }

  private close(fault: MessageFault): ProtocolAction[] {
    this.state = { kind: 'closed' };
    const { code } = fault;
    return [
      { kind: 'count', code },
      { kind: 'send', message: inWords(fault) },
      { kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code },
    ];
  }
}
