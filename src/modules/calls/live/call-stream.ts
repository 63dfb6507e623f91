import type { CallCloseReason, OpenCall } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId } from '../../../core/ids.js';
import type { CallSession } from './call-session.js';

/** One stream's end of a call. Once it has left, or another stream has taken its place, nothing of it reaches the call. */
export class CallStream implements OpenCall {
  readonly callId: CallId;
  private left: Promise<CallResult> | undefined;
  private resultListener: ((result: CallResult) => void) | undefined;
  private endListener: ((reason: CallCloseReason) => void) | undefined;

  constructor(
    private readonly session: CallSession,
    readonly resumed: boolean,
    private readonly leave: (stream: CallStream, reason: CallCloseReason) => Promise<CallResult>,
  ) {
    this.callId = session.callId;
  }

  audio(bytes: Uint8Array, positionMs: number): void {
    if (!this.left) this.session.audio(bytes, positionMs);
  }

  lost(durationMs: number): void {
    if (!this.left) this.session.lost(durationMs);
  }

  close(reason: CallCloseReason): Promise<CallResult> {
    this.left ??= this.leave(this, reason);
    return this.left;
  }

  onResult(listener: (result: CallResult) => void): void {
    this.resultListener = listener;
  }

  onEnd(listener: (reason: CallCloseReason) => void): void {
    this.endListener = listener;
  }

  tell(result: CallResult): void {
    this.resultListener?.(result);
  }

  /** Timbre ends the stream; its adapter closes it when it has said so. */
  end(reason: CallCloseReason): void {
    this.endListener?.(reason);
  }

  /** Another stream has resumed the call. */
  replace(): void {
    if (this.left) return;
    this.left = Promise.resolve(this.session.result());
    this.end('taken-over');
  }
}
