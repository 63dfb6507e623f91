import type { CallId, CustomerId } from '../ids.js';
import type { CarriedEvidence } from '../speaker/carried-evidence.js';
import type { AudioAccount, FirstDecision } from './result.js';

/** All that another process needs to resume a call. */
export interface CarriedCall {
  readonly callId: CallId;
  /** How far its process had read in the tenant's facts: what was said of the call later, it has not heard. */
  readonly readTo: number;
  /** When its audio was last heard. */
  readonly heardAtMs: number;
  readonly audio: AudioAccount;
  readonly claimedCustomerId: CustomerId | null;
  readonly mixed: boolean;
  readonly enrolledHere: boolean;
  readonly firstDecision: FirstDecision | null;
  /** Null when nothing of the voice was known, or its key is gone. */
  readonly evidence: CarriedEvidence | null;
}
