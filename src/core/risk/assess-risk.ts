import type { CallId, CustomerId } from '../ids.js';
import type { AccountEventKind, Policy } from '../policy/policy.js';
import type { VerificationResult } from '../speaker/verification.js';
import {
  groupOf,
  type ReasonCode,
  type ReasonEvidence,
  type ReasonOf,
  type RiskReason,
  type WeighedReason,
} from './risk-reason.js';
import * as texts from './reason-texts.js';
import { sensitiveActionReason } from './sensitive-action.js';
import { weighReasons, type WeighedRisk } from './weigh-reasons.js';

/** What is known about where the call comes from and how often; a field is there only when somebody counted it. */
export interface CallSignals {
  /** Customers that this calling number was used for within the window, this call's included. */
  readonly numberVelocity?: ReasonEvidence['number-velocity'];
  /** Calls for this customer within the window, this one included. */
  readonly accountVelocity?: ReasonEvidence['account-velocity'];
  /** The number is in none of the customer's earlier calls, of which there are some. */
  readonly numberNewForCustomer?: ReasonEvidence['number-new-for-customer'];
  /** STIR/SHAKEN (RFC 8588): A, B, C as verified, or what went wrong. */
  readonly attestation?: 'A' | 'B' | 'C' | 'missing' | 'failed';
}

export interface CallRiskInput {
  readonly callId: CallId;
  readonly customerId: CustomerId | null;
  readonly verification: VerificationResult;
  /** Done on the account just now, while the verification stood as given. */
  readonly accountEvents: readonly {
    readonly accountEventId: string;
    readonly kind: AccountEventKind;
    readonly at: string;
  }[];
  /** In this call so far. */
  readonly failedKnowledgeChecks: number;
  /** The caller's voice is on a list, as far as the policy asks. */
  readonly watchlistMatch?: ReasonEvidence['watchlist-match'] | undefined;
  readonly signals: CallSignals;
}

export interface RiskAssessment extends WeighedRisk {
  readonly reasons: readonly WeighedReason[];
  /** A flag has to be raised, if there is none yet. */
  readonly raisesFlag: boolean;
  readonly policyVersion: number;
}

/**
 * Evidence for the customer does not lower the risk here: it is what the verification decides on, and an accepted call raises
 * no flag. So the posterior is the sum of the reasons shown, and nothing that a person cannot see.
 */
export function assessRisk(input: CallRiskInput, policy: Policy): RiskAssessment {
  const reasons = [
    voiceMismatch(input.verification),
    watchlistMatch(input.watchlistMatch),
    callerChanged(input.verification, policy),
    sensitiveActionReason(input.accountEvents, input.verification.state, policy),
    knowledgeChecks(input, policy),
    ...signalReasons(input, policy),
  ]
    .filter((reason) => reason !== undefined)
    .sort(strongestFirst);
  return {
    ...weighReasons(reasons, policy),
    reasons,
    raisesFlag: raisesFlag(input, policy),
    policyVersion: policy.version,
  };
}

/** A rejected voice, one that is on a list, or something sensitive done while the voice is not accepted, whatever the reason. */
export function raisesFlag(
  {
    verification: { state },
    accountEvents,
    watchlistMatch: match,
  }: Pick<CallRiskInput, 'verification' | 'accountEvents' | 'watchlistMatch'>,
  policy: Policy,
): boolean {
  return (
    state === 'rejected' ||
    match !== undefined ||
    sensitiveActionReason(accountEvents, state, policy) !== undefined
  );
}

/** What weighs nothing any more comes last. */
export const strongestFirst = (a: RiskReason, b: RiskReason): number =>
  (b.weightNats ?? 0) - (a.weightNats ?? 0) || a.code.localeCompare(b.code);

/** Only where the verifier itself relies on the llr: below the minimum of speech or with poor quality it says nothing yet. */
function voiceMismatch(verification: VerificationResult): WeighedReason | undefined {
  const { state, reason, llr, thresholds, netSpeechMs, span, quality } = verification;
  if (state !== 'rejected' && state !== 'inconclusive') return undefined;
  // In a mixed channel the agent's voice counts against the caller too.
  const unreliable = reason === 'quality-too-poor' || quality.includes('mixed-channel');
  if (llr === null || llr >= 0 || unreliable) return undefined;
  const evidence: ReasonEvidence['voice-mismatch'] = {
    llr,
    rejectLlr: thresholds?.rejectLlr ?? null,
    verificationState: state,
    netSpeechMs,
    span,
    modelId: thresholds?.modelId ?? null,
    operatingPoint: thresholds?.operatingPoint ?? null,
  };
  // llr is same : different speaker; a different speaker on this account is the fraud hypothesis, so its mirror is the weight.
  return reasonOf('voice-mismatch', -llr, texts.voiceMismatchText(evidence), evidence);
}

function watchlistMatch(evidence: CallRiskInput['watchlistMatch']): WeighedReason | undefined {
  if (evidence === undefined) return undefined;
  return reasonOf('watchlist-match', Math.max(0, evidence.llr), texts.watchlistMatchText(evidence), evidence);
}

function callerChanged(
  { callerChange, state }: VerificationResult,
  policy: Policy,
): WeighedReason | undefined {
  // Once the new voice is the customer's, nothing is left of it.
  if (!callerChange || state === 'accepted') return undefined;
  const { atMs, llr } = callerChange;
  const text = texts.callerChangedText({ atMs, llr });
  return reasonOf('caller-changed', policy.risk.weightsNats.callerChanged, text, { atMs, llr });
}

function knowledgeChecks(
  { failedKnowledgeChecks: count }: CallRiskInput,
  policy: Policy,
): WeighedReason | undefined {
  if (count === 0) return undefined;
  const { eachFailedKnowledgeCheck, failedKnowledgeChecksAtMost } = policy.risk.weightsNats;
  const weight = Math.min(count * eachFailedKnowledgeCheck, failedKnowledgeChecksAtMost);
  return reasonOf('failed-knowledge-checks', weight, texts.failedKnowledgeChecksText({ count }), { count });
}

function signalReasons({ signals }: CallRiskInput, { risk }: Policy): WeighedReason[] {
  const { numberVelocity, accountVelocity, numberNewForCustomer, attestation } = signals;
  const weights = risk.weightsNats;
  const reasons: WeighedReason[] = [];
  if (numberVelocity !== undefined && numberVelocity.customers >= risk.velocity.customersPerNumber) {
    const text = texts.numberVelocityText(numberVelocity);
    reasons.push(reasonOf('number-velocity', weights.numberVelocity, text, numberVelocity));
  }
  if (accountVelocity !== undefined && accountVelocity.calls >= risk.velocity.callsPerCustomer) {
    const text = texts.accountVelocityText(accountVelocity);
    reasons.push(reasonOf('account-velocity', weights.accountVelocity, text, accountVelocity));
  }
  if (numberNewForCustomer !== undefined) {
    const text = texts.numberNewForCustomerText(numberNewForCustomer);
    reasons.push(
      reasonOf('number-new-for-customer', weights.numberNewForCustomer, text, numberNewForCustomer),
    );
  }
  if (attestation === 'missing') {
    const text = 'The number came without STIR/SHAKEN attestation.';
    reasons.push(reasonOf('attestation-missing', weights.attestationMissing, text, {}));
  }
  if (attestation === 'failed') {
    const text = "The number's STIR/SHAKEN attestation failed its check.";
    reasons.push(reasonOf('attestation-failed', weights.attestationFailed, text, {}));
  }
  return reasons;
}

function reasonOf<Code extends ReasonCode>(
  code: Code,
  weightNats: number,
  text: string,
  evidence: ReasonEvidence[Code],
): ReasonOf<Code> {
  return { code, group: groupOf[code], weightNats, text, evidence };
}
