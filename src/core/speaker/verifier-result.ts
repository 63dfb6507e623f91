import { isWrongRate } from '../calls/arrival-rate.js';
import type { ClaimContext } from '../calls/claim-context.js';
import type { Policy } from '../policy/policy.js';
import type { SignalQuality } from '../speech/signal-quality.types.js';
import { posteriorSameSpeaker } from './calibration.js';
import { poorQualityOf } from './quality-notes.js';
import type { SettledDecision } from './settled-decision.js';
import { standingOf } from './standing.js';
import type { Steadiness } from './steadiness.js';
import type { CallerChange, DecisionThresholds, QualityNote, VerificationResult } from './verification.js';

export interface KnownOfVoice {
  readonly context: ClaimContext | null;
  readonly claimNotFound: boolean;
  readonly gateUnavailable: boolean;
  readonly policy: Policy;
  /** In force for this call. */
  readonly thresholds: DecisionThresholds;
  readonly decision: SettledDecision['now'];
  readonly llr: number | null;
  readonly netSpeechMs: number;
  readonly span: VerificationResult['span'];
  readonly quality: SignalQuality | null;
  readonly steadiness: Steadiness | null;
  readonly oneVoice: boolean;
  readonly callerChange: CallerChange | null;
  readonly isMixed: boolean;
  readonly audioNotes: readonly QualityNote[];
}

/** What a verification says of a call, from all that is known of its voice. */
export function describeStanding(known: KnownOfVoice): Omit<VerificationResult, 'resultId'> {
  const { context, policy, netSpeechMs, llr, callerChange, audioNotes } = known;
  const poorQuality = poorQualityOf(known, policy.quality);
  const [state, reason] = standingOf({
    context,
    claimNotFound: known.claimNotFound,
    gateUnavailable: known.gateUnavailable,
    decision: known.decision,
    callerChanged: callerChange !== null,
    poorQuality: poorQuality.length > 0,
    wrongRate: audioNotes.some(isWrongRate),
    isMixed: known.isMixed,
    maybeSeveralVoices: !known.oneVoice,
    enoughSpeech: netSpeechMs >= policy.verification.minNetSpeechMs,
  });
  const ready = context?.kind === 'ready' ? context : null;
  return {
    state,
    reason,
    llr,
    posterior: llr === null ? null : posteriorSameSpeaker(llr, policy.verification.priorFraud),
    thresholds: ready ? known.thresholds : null,
    netSpeechMs,
    minNetSpeechMs: policy.verification.minNetSpeechMs,
    span: known.span,
    quality: ready ? [...poorQuality, ...audioNotes] : [],
    callerChange,
    consentId: ready?.consentId ?? null,
    ...(context?.decidedBy && { decidedBy: context.decidedBy }),
  };
}
