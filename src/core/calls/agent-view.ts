import { signalOf, type ReasonCode, type Severity } from '../risk/risk-reason.js';
import { isWrongRate, type ArrivalNote } from './arrival-rate.js';
import type { VerificationReason, VerificationResult, VerificationState } from '../speaker/verification.js';

/** The seven things an agent can see (docs/decisions.md), each with its reason in words and the step to take. */
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
  /** Net speech collected of what a decision needs; null when no speech is being collected. */
  readonly progress: { readonly netSpeechMs: number; readonly neededMs: number } | null;
}

/** What the agent needs to know of the call's flag. */
export interface AgentFlag {
  readonly severity: Severity;
  /** Strongest first. */
  readonly reasons: readonly ReasonCode[];
}

const wrongRateInWords: Record<ArrivalNote, string> = {
  'arrives-at-half-its-rate': 'Audio arrives at half its stated rate: the line is set up wrongly.',
  'arrives-at-1.5-times-its-rate': 'Audio arrives at 1.5 times its stated rate: the line is set up wrongly.',
  'arrives-at-twice-its-rate': 'Audio arrives at twice its stated rate: the line is set up wrongly.',
};

const stateOf: Record<VerificationState, AgentState> = {
  'not-claimed': 'not-sure-yet',
  'no-consent': 'no-voice-check',
  'opted-out': 'no-voice-check',
  'not-enrolled': 'not-enrolled',
  'enrolment-incomplete': 'not-enrolled',
  'cooling-off': 'no-voice-check',
  expired: 'voiceprint-expired',
  collecting: 'not-sure-yet',
  accepted: 'verified',
  rejected: 'not-verified',
  inconclusive: 'not-sure-yet',
};

const titles: Record<AgentState, string> = {
  verified: 'Verified',
  'not-verified': 'Not verified',
  'not-sure-yet': 'Not sure yet',
  'not-enrolled': 'Not enrolled',
  'no-voice-check': 'No voice check',
  'voiceprint-expired': 'Voiceprint expired',
  'high-risk': 'High risk',
};

const reasons: Record<VerificationReason, string> = {
  'no-customer-claimed': 'No customer has been named for this call yet.',
  'claim-not-found': 'The platform named a customer who is not known here.',
  'consent-missing': 'The customer has not consented to a voice check. The voice is not processed.',
  'consent-expired': 'The customer’s consent to a voice check has ended. The voice is not processed.',
  'consent-withdrawn': 'The customer withdrew consent. Processing has stopped and the voiceprint is gone.',
  objected: 'The customer objected to voice checks, or limited them. The voice is not processed.',
  'consent-method-not-enough':
    'Where the customer lives the law asks for written consent, which is not there yet. The voice is not processed.',
  'consent-to-be-renewed':
    'The customer’s consent is too old and must be asked for again. The voice is not processed.',
  'voiceprint-missing': 'The customer has no voiceprint to compare with.',
  'enrolled-in-this-call': 'The voiceprint was made in this call. It counts from the next call on.',
  'enrolment-under-way': 'The customer’s enrolment is not complete yet.',
  'voiceprint-too-new':
    'The customer’s voiceprint was replaced a short while ago. Until its waiting time is over it vouches for nobody.',
  'voiceprint-past-retention': 'The customer’s voiceprint is past the date until which it may be kept.',
  'voiceprint-of-other-model': 'The customer’s voiceprint was made by a model that is no longer used.',
  'caller-changed': 'Another voice has taken over the call. It is being checked afresh.',
  'not-enough-speech': 'More speech of the caller is needed.',
  'being-weighed': 'There is enough speech of the caller: the decision comes with the next words.',
  'several-voices':
    'More than one voice is heard at once, so a mismatch cannot be told from somebody beside the caller.',
  'evidence-above-accept-threshold': 'The voice is the customer’s, as far as the policy asks.',
  'evidence-below-reject-threshold': 'The voice is not the customer’s, as far as the policy asks.',
  'evidence-between-thresholds': 'The voice is neither clearly the customer’s nor clearly another’s.',
  'quality-too-poor': 'The sound is too poor to decide on.',
  'mixed-channel':
    'Your voice and the caller’s come in one channel, so a mismatch cannot be told from your own voice.',
  'gate-unavailable': 'Consent could not be checked just now. The voice is not processed.',
};

const nextSteps: Record<AgentState, string> = {
  verified: 'Go on. No further identity check is needed for ordinary requests.',
  'not-verified':
    'Do not act on the account yet. Ask the standard security questions; if in doubt, call back on the number on file.',
  'not-sure-yet': 'Let the caller talk. Use the standard security questions before anything sensitive.',
  'not-enrolled': 'Use the standard security questions. Once the caller is identified, offer enrolment.',
  'no-voice-check': 'Use the standard security questions. The customer’s service stays the same.',
  'voiceprint-expired':
    'Use the standard security questions. Once the caller is identified, offer a new enrolment.',
  'high-risk':
    'Do not carry out the request. Call back on the number on file, and leave the flag to the fraud team. Do not accuse the caller.',
};

const nextStepFor: Partial<Record<VerificationReason, string>> = {
  'caller-changed':
    'Ask who is speaking now, and whether the customer agrees. Use the standard security questions before anything sensitive.',
  'consent-method-not-enough':
    'Use the standard security questions. Offer to send the form on which the customer can agree in writing.',
  'consent-to-be-renewed':
    'Use the standard security questions. Once the caller is identified, ask for consent again.',
  'voiceprint-too-new':
    'Use the standard security questions, and call back on the number on file before anything sensitive. Do not enrol again: the wait would begin anew.',
  'no-customer-claimed': 'Ask who is calling and name the customer here.',
  'claim-not-found': 'Ask who is calling and name the customer here.',
  'mixed-channel':
    'Use the standard security questions. Ask your telephony team to send the caller’s channel on its own.',
  'several-voices':
    'Ask the caller to move away from other voices, a television too. Use the standard security questions.',
  'quality-too-poor':
    'Ask the caller to speak closer to the telephone or to move to a quieter place. Use the standard security questions.',
};

/** Why a voice check came out as it did. */
export function verificationInWords(reason: VerificationReason): string {
  return reasons[reason];
}

function reasonOf({ reason, quality }: VerificationResult): string {
  const wrongRate = quality.find(isWrongRate);
  return reason === 'quality-too-poor' && wrongRate ? wrongRateInWords[wrongRate] : reasons[reason];
}

export function agentViewOf(verification: VerificationResult, flag: AgentFlag | null): AgentView {
  const highRisk = flag?.severity === 'high' || flag?.severity === 'critical';
  const state = highRisk ? 'high-risk' : stateOf[verification.state];
  return {
    state,
    title: titles[state],
    reason: highRisk
      ? flag.reasons.map((code) => signalOf[code].agentText).join(' ')
      : reasonOf(verification),
    nextStep: highRisk ? nextSteps['high-risk'] : (nextStepFor[verification.reason] ?? nextSteps[state]),
    progress:
      verification.state === 'collecting'
        ? {
            netSpeechMs: Math.min(verification.netSpeechMs, verification.minNetSpeechMs),
            neededMs: verification.minNetSpeechMs,
          }
        : null,
  };
}
