import type { CallCloseReason, CallDescription, CallIntake, OpenCall } from '../../src/core/calls/intake.js';
import type { CallResult } from '../../src/core/calls/result.js';
import type { CallId } from '../../src/core/ids.js';
import { aResult } from './builders.js';

/** The port, played strictly: whatever an adapter must not do throws, and so closes its socket with 1011. */
export class FakeIntake implements CallIntake {
  readonly calls: FakeCall[] = [];
  /** Makes the next opened call fail when audio comes, as a defect would. */
  failOnAudio = false;
  private readonly waiting: ((call: FakeCall) => void)[] = [];

  open(description: CallDescription): FakeCall {
    const call = new FakeCall(
      `00000000-0000-4000-8000-${String(this.calls.length).padStart(12, '0')}` as CallId,
      description,
    );
    call.failOnAudio = this.failOnAudio;
    this.failOnAudio = false;
    this.calls.push(call);
    this.waiting.shift()?.(call);
    return call;
  }

  /** The next call that is opened. */
  next(): Promise<FakeCall> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

export class FakeCall implements OpenCall {
  readonly received: { readonly bytes: Uint8Array; readonly positionMs: number }[] = [];
  readonly lostMs: number[] = [];
  failOnAudio = false;
  readonly closed: Promise<CallCloseReason>;
  private settleClosed: (reason: CallCloseReason) => void = () => undefined;
  private wasClosed = false;
  private resultListener: ((result: CallResult) => void) | undefined;
  private endListener: ((reason: CallCloseReason) => void) | undefined;

  constructor(
    readonly callId: CallId,
    readonly description: CallDescription,
  ) {
    this.closed = new Promise((resolve) => {
      this.settleClosed = resolve;
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.received.map(({ bytes }) => bytes));
  }

  get isClosed(): boolean {
    return this.wasClosed;
  }

  audio(bytes: Uint8Array, positionMs: number): void {
    if (this.wasClosed) throw new Error('audio after close');
    if (this.failOnAudio) throw new Error('a defect in the intake');
    this.received.push({ bytes: Uint8Array.from(bytes), positionMs });
  }

  lost(durationMs: number): void {
    if (this.wasClosed) throw new Error('lost after close');
    this.lostMs.push(durationMs);
  }

  async close(reason: CallCloseReason): Promise<CallResult> {
    if (this.wasClosed) throw new Error('closed twice');
    this.wasClosed = true;
    await Promise.resolve();
    this.settleClosed(reason);
    return this.result({ at: '2026-01-01T00:01:00.000Z' });
  }

  onResult(listener: (result: CallResult) => void): void {
    if (this.resultListener) throw new Error('a second result listener');
    this.resultListener = listener;
  }

  onEnd(listener: (reason: CallCloseReason) => void): void {
    if (this.endListener) throw new Error('a second end listener');
    this.endListener = listener;
  }

  /** As Timbre would: a changed result. */
  tell(fields: Partial<CallResult>): void {
    this.resultListener?.(this.result(fields));
  }

  /** As Timbre would: it ends the call itself. */
  end(reason: CallCloseReason): void {
    this.endListener?.(reason);
  }

  result(fields: Partial<CallResult> = {}): CallResult {
    return aResult({ callId: this.callId, externalId: this.description.externalId ?? null, ...fields });
  }
}
