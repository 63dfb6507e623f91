import type { ClaimContext } from '../calls/claim-context.js';
import type { Decision } from './settled-decision.js';
import type { VerificationReason, VerificationState } from './verification.js';

export type Standing = readonly [VerificationState, VerificationReason];

/** What a call's standing follows from. */
export interface Grounds {
  readonly context: ClaimContext | null;
  /** The platform named a customer who is not known here. */
  readonly claimNotFound: boolean;
  /** The consent check could not be made. */
  readonly gateUnavailable: boolean;
  readonly decision: Decision | null;
  readonly callerChanged: boolean;
  readonly poorQuality: boolean;
  /** The audio came at another rate than was said: nothing that was heard of it counts. */
  readonly wrongRate: boolean;
  readonly isMixed: boolean;
  /** Too little of the speech sounds like one voice for a mismatch to be one person's. */
  readonly maybeSeveralVoices: boolean;
  /** As much as the policy wants for a decision. */
  readonly enoughSpeech: boolean;
}

const decisionReason: Record<Decision, VerificationReason> = {
  accepted: 'evidence-above-accept-threshold',
  rejected: 'evidence-below-reject-threshold',
  inconclusive: 'evidence-between-thresholds',
};

export function standingOf(grounds: Grounds): Standing {
  const { context } = grounds;
  if (grounds.gateUnavailable) return ['no-consent', 'gate-unavailable'];
  if (context === null)
    return ['not-claimed', grounds.claimNotFound ? 'claim-not-found' : 'no-customer-claimed'];
  switch (context.kind) {
    case 'no-consent':
      return ['no-consent', context.reason];
    case 'opted-out':
      return ['opted-out', context.reason ?? 'consent-withdrawn'];
    case 'not-enrolled':
      return ['not-enrolled', context.reason ?? 'voiceprint-missing'];
    case 'enrolment-incomplete':
      return ['enrolment-incomplete', 'enrolment-under-way'];
    case 'cooling-off':
      return ['cooling-off', 'voiceprint-too-new'];
    case 'expired':
      return ['expired', context.reason];
    case 'ready':
      return voiceStanding(grounds);
  }
}

function voiceStanding({
  decision,
  callerChanged,
  poorQuality,
  wrongRate,
  isMixed,
  maybeSeveralVoices,
  enoughSpeech,
}: Grounds): Standing {
  // No more speech mends it.
  if (wrongRate) return ['inconclusive', 'quality-too-poor'];
  if (decision === null) return ['collecting', whyUndecided(callerChanged, enoughSpeech)];
  // Poor audio can hide either answer, so it withholds both.
  if (poorQuality) return ['inconclusive', 'quality-too-poor'];
  // The agent's voice in the same channel pulls the score down: that says nothing against the caller.
  if (isMixed && decision === 'rejected') return ['inconclusive', 'mixed-channel'];
  // Several voices at once, a television for one, are nobody's: only one voice can be another person's.
  if (decision === 'rejected' && maybeSeveralVoices) return ['inconclusive', 'several-voices'];
  return [decision, decisionReason[decision]];
}

/** Once there is speech enough, more of it is not what is missing: the next stretch of it decides. */
function whyUndecided(callerChanged: boolean, enoughSpeech: boolean): VerificationReason {
  if (enoughSpeech) return 'being-weighed';
  return callerChanged ? 'caller-changed' : 'not-enough-speech';
}
