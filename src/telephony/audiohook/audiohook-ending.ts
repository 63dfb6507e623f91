import type { CallCloseReason } from '../../core/calls/intake.js';
import type { ProtocolAction, ProtocolActions } from '../protocol-machine.js';
import type { AudiohookEnvelopes } from './audiohook-envelopes.js';
import type { AudiohookCloseReason } from './audiohook-messages.js';

/** How long each step may take. */
const graceMs = 5000;

/**
 * The end of a session, whoever begins it. `asked`: Timbre did, and awaits close. `closing`: close has come and the last result is
 * awaited. `hanging-up`: closed has been said; the socket is the client's to close.
 */
type Step = 'not-begun' | 'asked' | 'closing' | 'hanging-up' | 'gone';

export class AudiohookEnding {
  private readonly envelopes: AudiohookEnvelopes;
  private step: Step = 'not-begun';
  /** `flushing`: its last result has been asked for. */
  private call: 'none' | 'open' | 'flushing' = 'none';
  private graceEndsMs: number | undefined;
  private closeCode = 1000;

  constructor(envelopes: AudiohookEnvelopes) {
    this.envelopes = envelopes;
  }

  get begun(): boolean {
    return this.step !== 'not-begun';
  }

  /** Nothing that comes now can matter. */
  get settled(): boolean {
    return this.step === 'hanging-up' || this.step === 'gone';
  }

  callOpened(): void {
    this.call = 'open';
  }

  /** Timbre asks for the end, once; `closeCode` is for the socket of a client that does not react. */
  ask(words: ProtocolAction, reason: CallCloseReason, closeCode: number): ProtocolActions {
    this.enter('asked');
    this.closeCode = closeCode;
    return [words, ...this.endCall(reason)];
  }

  /** The client's close. */
  close(reason: AudiohookCloseReason): ProtocolActions {
    if (this.step === 'closing' || this.settled) return [];
    this.enter('closing');
    const ends = this.endCall(reason === 'end' ? 'ended' : 'disconnected');
    // Who comes back at once must not wait for a call that goes on.
    return this.call === 'none' || reason === 'reconnect' ? [...ends, ...this.sayClosed()] : ends;
  }

  flushed(): ProtocolActions {
    this.call = 'none';
    return this.step === 'closing' ? this.sayClosed() : [];
  }

  /** The socket is gone, or going. */
  gone(reason: CallCloseReason): ProtocolActions {
    this.enter('gone');
    return this.endCall(reason);
  }

  /** At once, whatever the client still has to say. */
  hangUp(): ProtocolActions {
    this.enter('gone');
    return [{ kind: 'close', closeCode: this.closeCode, reason: 'not waited for' }];
  }

  tick(nowMs: number): ProtocolActions {
    if (this.step === 'gone') return [];
    this.graceEndsMs ??= nowMs + graceMs;
    if (nowMs < this.graceEndsMs) return [];
    const reason = this.step === 'asked' ? 'no close came' : 'not hung up';
    this.enter('gone');
    return [{ kind: 'close', closeCode: this.closeCode, reason }];
  }

  private sayClosed(): ProtocolActions {
    this.enter('hanging-up');
    return [this.envelopes.write('closed')];
  }

  /** Once per call: what follows is `flushed`. */
  private endCall(reason: CallCloseReason): ProtocolActions {
    if (this.call !== 'open') return [];
    this.call = 'flushing';
    return [{ kind: 'end', reason }];
  }

  private enter(step: Step): void {
    this.step = step;
    this.graceEndsMs = undefined;
  }
}
