import type { CallId, CustomerId } from '../ids.js';
import type { Policy } from '../policy/policy.js';
import type { VerificationResult } from '../speaker/verification.js';
import type { AccountEventKind } from './account-event-kind.js';
import type { ReasonEvidence, RiskReason, WeighedReason } from './risk-reason.js';
import { sensitiveAction } from './signals/sensitive-action.js';
import { signals, type Signal } from './signals/signals.js';
import { reliableLlr } from './signals/voice-mismatch.js';
import { watchlistMatch } from './signals/watchlist-match.js';
import { weighReasons, type WeighedRisk } from './weigh-reasons.js';

/** What is known about where the call comes from and how often; a field is there only when somebody counted it. */
export interface CallSignals {
  /** Customers that this calling number was used for within the window, this call's included. */
  readonly numberVelocity?: ReasonEvidence['number-velocity'];
  /** Calls for this customer within the window, this one included. */
  readonly accountVelocity?: ReasonEvidence['account-velocity'];
  /** The number is in none of the customer's earlier calls, of which there are some. */
  readonly numberNewForCustomer?: ReasonEvidence['number-new-for-customer'];
  /** Another voice was offered in place of the customer's voiceprint. */
  readonly replacementHeld?: ReasonEvidence['replacement-held'];
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
 * A caller whose voice speaks for the customer, without being sure enough to be accepted, is less likely a fraud by just that
 * much, and a flag says so. A voice that a watchlist knows is nobody's alibi.
 */
export function assessRisk(input: CallRiskInput, policy: Policy): RiskAssessment {
  const reasons = signals
    .map((signal) => reasonOf(signal, input, policy))
    .filter((reason) => reason !== undefined)
    .sort(strongestFirst);
  const weighed = weighReasons(reasons, policy, forCustomerNats(input));
  return {
    ...weighed,
    reasons,
    raisesFlag:
      alwaysRaises(input) ||
      (isSensitive(input, policy) && weighed.expectedCost >= policy.risk.severityFromExpectedCost.low),
    policyVersion: policy.version,
  };
}

/** Whether it is worth finding out: without any of these no flag is raised, whatever else is known of the call. */
export function mayRaiseFlag(input: FlaggableCall, policy: Policy): boolean {
  return alwaysRaises(input) || isSensitive(input, policy);
}

type FlaggableCall = Pick<CallRiskInput, 'verification' | 'accountEvents' | 'watchlistMatch'> &
  Partial<Pick<CallRiskInput, 'signals'>>;

/** A rejected voice, one that is on a list, or another offered in the customer's name. */
function alwaysRaises(input: FlaggableCall): boolean {
  return (
    input.verification.state === 'rejected' ||
    watchlistMatch.find(input) !== undefined ||
    input.signals?.replacementHeld !== undefined
  );
}

/** Something sensitive was done while the voice is not accepted: a flag when it is likely and costly enough, not by that state. */
function isSensitive(input: FlaggableCall, { risk }: Policy): boolean {
  return sensitiveAction.find(input, risk) !== undefined;
}

function forCustomerNats({ verification, watchlistMatch: match }: CallRiskInput): number {
  return match === undefined ? Math.max(0, reliableLlr(verification) ?? 0) : 0;
}

/** What weighs nothing any more comes last. */
export const strongestFirst = (a: RiskReason, b: RiskReason): number =>
  (b.weightNats ?? 0) - (a.weightNats ?? 0) || a.code.localeCompare(b.code);

function reasonOf(signal: Signal, input: CallRiskInput, { risk }: Policy): WeighedReason | undefined {
  const found = signal.find(input, risk);
  if (found === undefined) return undefined;
  // A signal's words are for its own evidence, which the type of a list of signals does not say.
  const text = (signal.text as (evidence: unknown) => string)(found.evidence);
  return { code: signal.code, group: signal.group, ...found, text } as WeighedReason;
}
