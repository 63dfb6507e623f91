import type { Found, RiskSignal } from '../signal.js';

export interface NumberNewForCustomer {
  /** None of which had the number. */
  readonly earlierCalls: number;
}

export const numberNewForCustomer = {
  code: 'number-new-for-customer',
  group: 'number',
  defaultWeightsNats: { numberNewForCustomer: 0.5 },

  find(
    {
      signals: { numberNewForCustomer: evidence },
    }: { readonly signals: { readonly numberNewForCustomer?: NumberNewForCustomer } },
    { weightsNats }: { readonly weightsNats: { readonly numberNewForCustomer: number } },
  ): Found<NumberNewForCustomer> | undefined {
    return evidence && { weightNats: weightsNats.numberNewForCustomer, evidence };
  },

  text: ({ earlierCalls }: NumberNewForCustomer) =>
    `The calling number is in none of this customer's ${earlierCalls} earlier calls.`,
  agentText: 'The customer has never called from this number.',
  german: 'Die Nummer war für dieses Konto neu.',
  measured: null,
} as const satisfies RiskSignal<'number-new-for-customer', NumberNewForCustomer, never>;
