import type { ArrivalNote } from '../calls/arrival-rate.js';
import type { ConsentId } from '../ids.js';
import type { Ruling } from '../privacy/packs/pack.js';

/** A calibrated natural-log likelihood ratio, same speaker : different speaker. */
export type Llr = number & { readonly __unit: 'llr' };

/** docs/decisions.md: the voice against the claimed customer. */
export type VerificationState =
  | 'not-claimed'
  | 'no-consent'
  | 'opted-out'
  | 'not-enrolled'
  | 'enrolment-incomplete'
  | 'cooling-off'
  | 'expired'
  | 'collecting'
  | 'accepted'
  | 'rejected'
  | 'inconclusive';

export type OperatingPointName = 'convenience' | 'standard' | 'strict';

/** The thresholds in force, in llr, and where they come from. */
export interface DecisionThresholds {
  readonly acceptLlr: number;
  readonly rejectLlr: number;
  readonly operatingPoint: OperatingPointName;
  readonly costFalseAccept: number;
  readonly costFalseReject: number;
  readonly priorFraud: number;
  readonly policyVersion: number;
  readonly modelId: string;
  /** Whether the rate of strangers that the operating point states was measured on the tenant's own callers. */
  readonly ownCallers: 'measured' | 'not-yet-measured';
  /** Of the tenant's own mean voice; absent where the model's is used. */
  readonly meanVoiceVersion?: number;
}

export type QualityNote =
  | 'too-quiet'
  | 'clipped'
  | 'noisy'
  | 'packet-loss'
  | 'several-voices'
  | 'audio-lost'
  | 'audio-dropped'
  | 'mixed-channel'
  | ArrivalNote;

export type VerificationReason =
  | 'no-customer-claimed'
  | 'claim-not-found'
  | 'consent-missing'
  | 'consent-expired'
  | 'consent-withdrawn'
  | 'objected'
  | 'consent-method-not-enough'
  | 'consent-to-be-renewed'
  | 'voiceprint-missing'
  | 'enrolled-in-this-call'
  | 'enrolment-under-way'
  | 'voiceprint-too-new'
  | 'voiceprint-past-retention'
  | 'voiceprint-of-other-model'
  | 'not-enough-speech'
  | 'being-weighed'
  | 'several-voices'
  | 'caller-changed'
  | 'evidence-above-accept-threshold'
  | 'evidence-below-reject-threshold'
  | 'evidence-between-thresholds'
  | 'quality-too-poor'
  | 'mixed-channel'
  | 'gate-unavailable';

/** Another voice took over the call. */
export interface CallerChange {
  /** Stream time of the last speech before it. */
  readonly atMs: number;
  /** Of both sides being one person: well below nought. */
  readonly llr: number;
}

export interface VerificationResult {
  /** Changes only when something in the result changed. */
  readonly resultId: number;
  readonly state: VerificationState;
  readonly reason: VerificationReason;
  /** Null until there is evidence. */
  readonly llr: number | null;
  /** Probability that the caller is the customer, at the policy's prior; null until there is evidence. */
  readonly posterior: number | null;
  readonly thresholds: DecisionThresholds | null;
  /** Speech the VAD kept and quality accepted, since the gate opened. */
  readonly netSpeechMs: number;
  readonly minNetSpeechMs: number;
  /** Stream time that the evidence in force covers; null until there is evidence. */
  readonly span: { readonly startMs: number; readonly endMs: number } | null;
  readonly quality: readonly QualityNote[];
  /** The last change of the voice; what else is said here is of the voice since then. Absent in results stored before it was told. */
  readonly callerChange?: CallerChange | null;
  /** The consent under which the voice is being processed; null when none is. */
  readonly consentId: ConsentId | null;
  /** The rule of the legal pack by which it is, or may not be. Absent while nobody is claimed, and in results stored before it was told. */
  readonly decidedBy?: Ruling;
}
