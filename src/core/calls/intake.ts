import type { StreamFormat } from '../audio/stream-format.js';
import type { CallId, TenantId } from '../ids.js';
import type { CallProtocol } from './protocols.js';
import type { CallResult } from './result.js';

/** What the network vouches for of the number (STIR/SHAKEN, ATIS-1000074): the level, or that verification failed. */
export type Attestation = 'A' | 'B' | 'C' | 'failed';

/** One description of a call, whatever protocol brought it. Numbers are in clear here only: the intake hashes them. */
export interface CallDescription {
  readonly tenantId: TenantId;
  readonly protocol: CallProtocol;
  /** The platform's own id of the call. */
  readonly externalId: string | undefined;
  readonly format: StreamFormat;
  readonly ani: string | undefined;
  readonly dnis: string | undefined;
  /** A customer's UUID or the tenant's own account reference. */
  readonly claimedCustomer: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly direction?: 'inbound' | 'outbound';
  /** Absent: the platform says nothing about it. */
  readonly attestation?: Attestation;
  /** The only channel carries the agent's voice beside the caller's: less can be decided. */
  readonly mixed?: true;
  /** Under this key a later stream may resume this call (see `resumes`). */
  readonly streamKey?: string;
  /** Keys of earlier streams: the call of the first one still held is resumed, instead of a new one. */
  readonly resumes?: readonly string[];
}

export type CallCloseReason =
  | 'ended' // the platform said so
  | 'disconnected' // the socket went away
  | 'silence-timeout'
  | 'protocol-error'
  | 'taken-over' // another stream has resumed the call: this stream ends, the call does not
  | 'shutdown'
  | 'engine-failure'
  | 'access-ended'; // the token or credential that let the stream in was revoked or has expired

/** How a call's row says that the call ended. */
export type CallEndReason =
  | CallCloseReason
  /** Its process was killed, or lost touch with the database: the last result is what it came to. */
  | 'process-lost';

/** How a protocol adapter hands a call to the rest of Timbre. Nothing here may wait for a database. */
export interface CallIntake {
  open(description: CallDescription): OpenCall;
}

export const CALL_INTAKE = Symbol('CallIntake');

export interface OpenCall {
  readonly callId: CallId;
  /** An earlier stream's call goes on; positions count from this stream's own start all the same. */
  readonly resumed?: boolean;
  /** Whole interleaved frames in the described format. `positionMs` is stream time of the first sample; a gap is counted as lost audio. */
  audio(bytes: Uint8Array, positionMs: number): void;
  /** The platform says that audio is missing for this stretch of stream time. */
  lost(durationMs: number): void;
  /**
   * Resolves when everything received has been scored: with the final result, or, of a call that another stream may resume,
   * with the result so far.
   */
  close(reason: CallCloseReason): Promise<CallResult>;
  /** Called with each changed result until the call is closed. */
  onResult(listener: (result: CallResult) => void): void;
  /** Timbre itself ends the call's stream (shutdown, engine failure); the adapter says so in its protocol's words and closes the socket. */
  onEnd(listener: (reason: CallCloseReason) => void): void;
}
