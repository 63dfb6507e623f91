import type { Found, RiskSignal } from '../signal.js';

export interface AccountVelocity {
  /** Calls for this customer within the window, this one included. */
  readonly calls: number;
  readonly windowHours: number;
}

export const accountVelocity = {
  code: 'account-velocity',
  group: 'account-activity',
  defaultWeightsNats: { accountVelocity: 1 },

  find(
    {
      signals: { accountVelocity: evidence },
    }: { readonly signals: { readonly accountVelocity?: AccountVelocity } },
    {
      weightsNats,
      velocity,
    }: {
      readonly weightsNats: { readonly accountVelocity: number };
      readonly velocity: { readonly callsPerCustomer: number };
    },
  ): Found<AccountVelocity> | undefined {
    if (evidence === undefined || evidence.calls < velocity.callsPerCustomer) return undefined;
    return { weightNats: weightsNats.accountVelocity, evidence };
  },

  text: ({ calls, windowHours }: AccountVelocity) =>
    `${calls} calls claimed to be this customer within ${windowHours} hours.`,
  agentText: 'There have been many calls for this customer lately.',
  german: 'Viele Vorgänge auf dem Konto in kurzer Zeit.',
  measured: null,
} as const satisfies RiskSignal<'account-velocity', AccountVelocity, never>;
