import type { Found, RiskSignal } from '../signal.js';

export interface NumberVelocity {
  /** Customers that this calling number was used for within the window, this call’s included. */
  readonly customers: number;
  readonly windowHours: number;
}

export const numberVelocity = {
  code: 'number-velocity',
  group: 'number',
  defaultWeightsNats: { numberVelocity: 2 },

  find(
    {
      signals: { numberVelocity: evidence },
    }: { readonly signals: { readonly numberVelocity?: NumberVelocity } },
    {
      weightsNats,
      velocity,
    }: {
      readonly weightsNats: { readonly numberVelocity: number };
      readonly velocity: { readonly customersPerNumber: number };
    },
  ): Found<NumberVelocity> | undefined {
    if (evidence === undefined || evidence.customers < velocity.customersPerNumber) return undefined;
    return { weightNats: weightsNats.numberVelocity, evidence };
  },

  text: ({ customers, windowHours }: NumberVelocity) =>
    `The calling number was used for ${customers} customers within ${windowHours} hours.`,
  agentText: 'This number has called for many customers lately.',
  german: 'Viele Anrufe von derselben Nummer in kurzer Zeit.',
  measured: null,
} as const satisfies RiskSignal<'number-velocity', NumberVelocity, never>;
