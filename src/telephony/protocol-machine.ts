import type { CallCloseReason, CallDescription } from '../core/calls/intake.js';
import type { CallResult } from '../core/calls/result.js';
import type { CallId } from '../core/ids.js';
import type { TelephonyErrorCode } from './errors.js';

/** What a protocol wants done. Performed in order, at once; only `end` takes time, and answers with `flushed`. */
export type ProtocolAction =
  | { readonly kind: 'open'; readonly description: Omit<CallDescription, 'tenantId'> }
  | { readonly kind: 'audio'; readonly bytes: Uint8Array; readonly positionMs: number }
  | { readonly kind: 'lost'; readonly durationMs: number }
  | { readonly kind: 'send'; readonly message: Readonly<Record<string, unknown>> }
  /** The source sends nothing: the call is let go as if its stream had broken, and resumed with its next audio. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'count'; readonly code: TelephonyErrorCode }
  | { readonly kind: 'end'; readonly reason: CallCloseReason }
  | { readonly kind: 'close'; readonly closeCode: number; readonly reason: string };

export type ProtocolActions = readonly ProtocolAction[];

/** A wire protocol as a pure machine: what happened goes in with its time, what to do comes out. Never throws. */
export interface ProtocolMachine {
  text(data: string, nowMs: number): ProtocolActions;
  binary(data: Uint8Array, nowMs: number): ProtocolActions;
  /** A frame broke WebSocket's own rules or limits; the socket is closing with this code. */
  malformed(closeCode: number): ProtocolActions;
  tick(nowMs: number): ProtocolActions;
  /** The answer to `open`; `resumed` when this stream resumes an earlier one's call. */
  opened(callId: CallId, resumed: boolean): ProtocolActions;
  result(result: CallResult): ProtocolActions;
  /** Timbre itself ends the call. */
  ended(reason: CallCloseReason): ProtocolActions;
  /** The answer to `end`: all that was received has been scored. */
  flushed(result: CallResult): ProtocolActions;
  /** The socket is gone; 1006 when it broke rather than being closed (RFC 6455 §7.4.1). */
  disconnected(closeCode?: number): ProtocolActions;
}

export interface ProtocolTimeouts {
  readonly firstMessageMs: number;
  readonly silenceMs: number;
}

/** Of a platform that sends audio all the time. */
export interface StreamTimeouts extends ProtocolTimeouts {
  /** Without audio for so long it has gone, though it may come back. */
  readonly quietMs: number;
}
