/** What the server says, as JSON. test/web/api-types.spec.ts holds these to the server's own types. */
export type AgentState =
  | 'verified'
  | 'not-verified'
  | 'not-sure-yet'
  | 'not-enrolled'
  | 'no-voice-check'
  | 'voiceprint-expired'
  | 'high-risk';

export interface AgentView {
  readonly state: AgentState;
  readonly title: string;
  readonly reason: string;
  readonly nextStep: string;
  readonly progress: SpeechProgress | null;
}

export interface SpeechProgress {
  readonly netSpeechMs: number;
  readonly neededMs: number;
}

/** The part of a CallResult that the page shows. */
export interface CallResult {
  readonly callId: string;
  readonly externalId: string | null;
  readonly at: string;
  readonly claimedCustomerId: string | null;
  readonly verification: { readonly consentId: string | null };
  readonly agent: AgentView;
  readonly channels?: 'caller' | 'separate' | 'mixed';
}

export type AccountEventKind =
  | 'plain-access'
  | 'address-change'
  | 'payout'
  | 'credential-reset'
  | 'limit-change'
  | 'device-change'
  | 'failed-knowledge-check';

export interface LiveFlag {
  readonly flagId: string;
  readonly customerId: string | null;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly state: 'open' | 'in-review' | 'confirmed-fraud' | 'false-alarm' | 'inconclusive';
  /** Strongest first. */
  readonly reasons: readonly { readonly text: string }[];
}

export interface RecordedAccountEvent {
  readonly kind: AccountEventKind;
  readonly at: string;
}

/** What came of an enrolment from a call. */
export type EnrolmentOutcome =
  | { readonly kind: 'enrolled'; readonly expiresAt: string }
  | { readonly kind: 'incomplete'; readonly netSpeechMs: number; readonly neededMs: number }
  | { readonly kind: 'held' }
  | { readonly kind: 'refused'; readonly reasons: readonly { readonly detail: string }[] }
  | { readonly kind: 'no-consent' }
  | { readonly kind: 'erased' }
  | { readonly kind: 'failed' };

export interface Consent {
  readonly consentId: string;
  readonly state: 'granted' | 'expired' | 'withdrawn';
  readonly standingPurposes: readonly string[];
}

export interface SnapshotCall {
  readonly callId: string;
  readonly externalId: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly result: CallResult;
  readonly flags: readonly LiveFlag[];
  readonly accountEvents: readonly RecordedAccountEvent[];
}

/** Kinds of other versions of the server pass by unseen. */
export type LiveEvent = {
  readonly type: 'event';
  readonly id: string;
  readonly callId: string;
  readonly at: string;
} & (
  | { readonly kind: 'opened' | 'result'; readonly payload: CallResult }
  | { readonly kind: 'claimed'; readonly payload: { readonly customerId: string } }
  | { readonly kind: 'account-event'; readonly payload: { readonly kind: AccountEventKind } }
  | { readonly kind: 'flag'; readonly payload: LiveFlag }
  | { readonly kind: 'enrolment'; readonly payload: EnrolmentOutcome }
  | { readonly kind: 'resumed'; readonly payload: { readonly lostMs: number } }
  | { readonly kind: 'closed'; readonly payload: { readonly result: CallResult } }
);

export type LiveMessage =
  | { readonly type: 'snapshot'; readonly id: string; readonly calls: readonly SnapshotCall[] }
  | LiveEvent
  /** What lay between the last event and now has been sent; from here it is live. */
  | { readonly type: 'caught-up'; readonly id: string }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'pong' }
  | { readonly type: 'error'; readonly expected: string };
