import type { VerificationResult } from '../../speaker/verification.js';
import { clockTime, type Found, type RiskSignal } from '../signal.js';

export interface CallerChanged {
  readonly atMs: number;
  readonly llr: number;
}
type Left = Readonly<Record<string, never>>;

export const callerChanged = {
  code: 'caller-changed',
  group: 'voice',
  // Families hand over too, but a fraudster who begins with the customer's own voice must.
  defaultWeightsNats: { callerChanged: 1 },

  find(
    { verification: { callerChange, state } }: { readonly verification: VerificationResult },
    { weightsNats }: { readonly weightsNats: { readonly callerChanged: number } },
  ): Found<CallerChanged> | undefined {
    // Once the new voice is the customer's, nothing is left of it.
    if (!callerChange || state === 'accepted') return undefined;
    const { atMs, llr } = callerChange;
    return { weightNats: weightsNats.callerChanged, evidence: { atMs, llr } };
  },

  text: ({ atMs, llr }: CallerChanged) =>
    `Another voice took over the call at ${clockTime(atMs)} (llr ${llr.toFixed(1)} of being the same person).`,
  agentText: 'Another voice took over during the call.',
  german: 'Eine andere Stimme übernahm den Anruf.',

  measured: {
    madeFor: ['verification', 'enrolment'],
    left: (): Left => ({}),
    leftText: () => 'Another voice took over during the call',
    movesWithSpeech: false,
  },
} as const satisfies RiskSignal<'caller-changed', CallerChanged, Left>;
