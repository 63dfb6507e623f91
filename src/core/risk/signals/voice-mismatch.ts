import type { OperatingPointName, VerificationResult } from '../../speaker/verification.js';
import { clockTime, type Found, type RiskSignal } from '../signal.js';

export interface VoiceMismatch {
  readonly llr: number;
  readonly rejectLlr: number | null;
  readonly verificationState: 'rejected' | 'inconclusive' | 'collecting';
  readonly netSpeechMs: number;
  readonly span: { readonly startMs: number; readonly endMs: number } | null;
  readonly modelId: string | null;
  readonly operatingPoint: OperatingPointName | null;
}
type Left = Pick<VoiceMismatch, 'verificationState'>;

export const voiceMismatch = {
  code: 'voice-mismatch',
  group: 'voice',
  defaultWeightsNats: {},

  /** From the first calibrated segment on, also before there is speech enough for a decision: the calibration knows how little there is. */
  find({ verification }: { readonly verification: VerificationResult }): Found<VoiceMismatch> | undefined {
    const { state, thresholds, netSpeechMs, span } = verification;
    if (state !== 'rejected' && state !== 'inconclusive' && state !== 'collecting') return undefined;
    const llr = reliableLlr(verification);
    if (llr === null || llr >= 0) return undefined;
    const evidence: VoiceMismatch = {
      llr,
      rejectLlr: thresholds?.rejectLlr ?? null,
      verificationState: state,
      netSpeechMs,
      span,
      modelId: thresholds?.modelId ?? null,
      operatingPoint: thresholds?.operatingPoint ?? null,
    };
    // llr is same : different speaker; a different speaker on this account is the fraud hypothesis, so its mirror is the weight.
    return { weightNats: -llr, evidence };
  },

  text({ llr, rejectLlr, verificationState, netSpeechMs, span }: VoiceMismatch): string {
    const bound = rejectLlr === null ? '' : `, rejection bound ${rejectLlr.toFixed(1)}`;
    const stretch =
      span === null ? '' : `, from ${clockTime(span.startMs)} to ${clockTime(span.endMs)} of the call`;
    const verdict = verificationState === 'rejected' ? '' : ' Not enough to reject.';
    return (
      `The voice is ${timesLikelier(llr)} likelier to be somebody else's than the customer's ` +
      `(llr ${llr.toFixed(1)}${bound}), on ${(netSpeechMs / 1000).toFixed(1)} s of net speech${stretch}.${verdict}`
    );
  },
  agentText: 'The voice is not the customer’s.',
  german: 'Die Stimme passte nicht zum Stimmabdruck.',

  measured: {
    madeFor: ['verification', 'enrolment'],
    left: ({ verificationState }: VoiceMismatch): Left => ({ verificationState }),
    leftText: ({ verificationState }: Left) =>
      verificationState === 'rejected'
        ? 'The voice did not match the customer’s'
        : 'The voice seemed not to be the customer’s, but not enough to reject',
    movesWithSpeech: true,
  },
} as const satisfies RiskSignal<'voice-mismatch', VoiceMismatch, Left>;

/** Null where it says nothing of the caller: poor sound can hide either answer, and in a mixed channel the agent's voice counts too. */
export function reliableLlr({ reason, llr, quality }: VerificationResult): number | null {
  return reason === 'quality-too-poor' || quality.includes('mixed-channel') ? null : llr;
}

/** An llr is a ratio: e to its size, rounded to what the evidence can carry. */
function timesLikelier(llr: number): string {
  const ratio = Math.exp(-llr);
  if (ratio >= 1_000_000) return 'more than a million times';
  if (ratio < 10) return `${ratio.toFixed(1)} times`;
  return `${Number(ratio.toPrecision(2)).toLocaleString('en-GB')} times`;
}
