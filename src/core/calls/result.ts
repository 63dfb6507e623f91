import type { CallId, CustomerId } from '../ids.js';
import type { AgentView } from './agent-view.js';
import type { VerificationResult } from '../speaker/verification.js';

/** What is known of a call now. Streamed to sockets, the live feed and the event log; holds no number, audio or embedding. */
export interface CallResult {
  readonly callId: CallId;
  readonly externalId: string | null;
  readonly at: string;
  readonly claimedCustomerId: CustomerId | null;
  readonly verification: VerificationResult;
  readonly agent: AgentView;
  /** The caller alone, the caller beside the agent, or both in one: mixed decides less. Absent in results stored before it was told. */
  readonly channels?: 'caller' | 'separate' | 'mixed';
  readonly audio: AudioAccount;
  /** How soon the voice was first decided on for this claim; null until it is. */
  readonly firstDecision: FirstDecision | null;
}

export interface FirstDecision {
  readonly state: 'accepted' | 'rejected' | 'inconclusive';
  readonly netSpeechMs: number;
  /** Stream time at the end of the speech it rests on. */
  readonly streamMs: number;
  /** From the arrival of the last audio it needed to the decision. */
  readonly latencyMs: number;
}

/** Where the call's audio went: what was received, and what of it was not analysed and why. */
export interface AudioAccount {
  readonly receivedMs: number;
  readonly analysedMs: number;
  /** Dropped because the engine could not keep up (oldest first). */
  readonly droppedMs: number;
  /** Missing in the stream itself. */
  readonly lostMs: number;
  /** Discarded unprocessed: no consent, or older than the wait for a claim allows. */
  readonly withheldMs: number;
}
