import type { AccountEventKind } from '../policy/policy.js';
import type { WatchlistEntryId, WatchlistId } from '../ids.js';
import type { OperatingPointName, VerificationState } from '../speaker/verification.js';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Reasons of one group may depend on each other, so they are not summed at full weight. */
export type ReasonGroup = 'voice' | 'account-activity' | 'knowledge' | 'number';

/** How the voice check stood while something was done on the account; accepted is no reason. */
export type UnverifiedState = Exclude<VerificationState, 'accepted'>;

export interface UnverifiedAction {
  readonly accountEventId: string;
  readonly kind: AccountEventKind;
  readonly at: string;
  readonly verificationState: UnverifiedState;
}

/** What each reason rests on; plain JSON, never a telephone number or a biometric. */
export interface ReasonEvidence {
  'voice-mismatch': {
    readonly llr: number;
    readonly rejectLlr: number | null;
    readonly verificationState: 'rejected' | 'inconclusive';
    readonly netSpeechMs: number;
    readonly span: { readonly startMs: number; readonly endMs: number } | null;
    readonly modelId: string | null;
    readonly operatingPoint: OperatingPointName | null;
  };
  'watchlist-match': {
    readonly listId: WatchlistId;
    readonly listName: string;
    readonly entryId: WatchlistEntryId;
    readonly cosine: number;
    /** Corrected for the number of entries. */
    readonly llr: number;
    /** Chance of a best match this good for a caller who is on no list. */
    readonly falseMatchProbability: number;
    /** Entries that the call was held against. */
    readonly entries: number;
    readonly netSpeechMs: number;
    readonly span: { readonly startMs: number; readonly endMs: number };
    readonly modelId: string;
  };
  'caller-changed': { readonly atMs: number; readonly llr: number };
  'sensitive-action': { readonly actions: readonly UnverifiedAction[] };
  'failed-knowledge-checks': { readonly count: number };
  'number-velocity': { readonly customers: number; readonly windowHours: number };
  'account-velocity': { readonly calls: number; readonly windowHours: number };
  'number-new-for-customer': { readonly earlierCalls: number };
  'attestation-missing': Readonly<Record<string, never>>;
  'attestation-failed': Readonly<Record<string, never>>;
}

export type ReasonCode = keyof ReasonEvidence;

export const groupOf: Readonly<Record<ReasonCode, ReasonGroup>> = {
  'voice-mismatch': 'voice',
  'watchlist-match': 'voice',
  'caller-changed': 'voice',
  'sensitive-action': 'account-activity',
  'account-velocity': 'account-activity',
  'failed-knowledge-checks': 'knowledge',
  'number-velocity': 'number',
  'number-new-for-customer': 'number',
  'attestation-missing': 'number',
  'attestation-failed': 'number',
};

export interface ReasonOf<Code extends ReasonCode> {
  readonly code: Code;
  readonly group: ReasonGroup;
  /** Natural-log likelihood ratio, fraud : no fraud; never negative. */
  readonly weightNats: number;
  /** In words that a person can check against the evidence. */
  readonly text: string;
  readonly evidence: ReasonEvidence[Code];
}

/** A reason as it was weighed. */
export type WeighedReason = { [Code in ReasonCode]: ReasonOf<Code> }[ReasonCode];

/** What may be left of what was measured of a voice: that it was found, without how far or where. */
export interface LeftOfEvidence {
  'voice-mismatch': Pick<ReasonEvidence['voice-mismatch'], 'verificationState'>;
  'watchlist-match': Pick<ReasonEvidence['watchlist-match'], 'listId' | 'listName'>;
  'caller-changed': Readonly<Record<string, never>>;
}

export type MeasuredCode = keyof LeftOfEvidence;

/** The person's word that ended it. */
export interface Destruction {
  readonly because: 'consent-withdrawn' | 'objected';
  /** When they said so. */
  readonly at: string;
}

export interface DestroyedReasonOf<Code extends MeasuredCode> {
  readonly code: Code;
  readonly group: ReasonGroup;
  readonly weightNats: null;
  readonly text: string;
  readonly evidence: LeftOfEvidence[Code];
  readonly destroyed: Destruction;
}

export type DestroyedReason = { [Code in MeasuredCode]: DestroyedReasonOf<Code> }[MeasuredCode];

/** A reason as it stands on a flag. */
export type RiskReason = WeighedReason | DestroyedReason;
