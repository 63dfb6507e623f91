import type { Found, RiskSignal } from '../signal.js';

export interface ReplacementHeld {
  readonly heldId: string;
  readonly at: string;
}

/** Somebody offered another voice in place of the customer's voiceprint while this call was under way, or shortly after it. */
export const replacementHeld = {
  code: 'replacement-held',
  group: 'account-activity',
  defaultWeightsNats: { replacementHeld: 2 },

  find(
    {
      signals: { replacementHeld: evidence },
    }: { readonly signals: { readonly replacementHeld?: ReplacementHeld } },
    { weightsNats }: { readonly weightsNats: { readonly replacementHeld: number } },
  ): Found<ReplacementHeld> | undefined {
    return evidence && { weightNats: weightsNats.replacementHeld, evidence };
  },

  text: ({ at, heldId }: ReplacementHeld) =>
    `An enrolment of another voice was offered for this customer at ${at} and is held (${heldId}).`,
  agentText: 'Another voice was offered for enrolment in this customer’s name.',
  german: 'Eine andere Stimme wurde für dieses Konto angeboten.',
  measured: null,
} as const satisfies RiskSignal<'replacement-held', ReplacementHeld, never>;
