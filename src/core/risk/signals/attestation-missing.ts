import type { Found, RiskSignal } from '../signal.js';

export type AttestationMissing = Readonly<Record<string, never>>;

export const attestationMissing = {
  code: 'attestation-missing',
  group: 'number',
  defaultWeightsNats: { attestationMissing: 0.25 },

  find(
    { signals }: { readonly signals: { readonly attestation?: string } },
    { weightsNats }: { readonly weightsNats: { readonly attestationMissing: number } },
  ): Found<AttestationMissing> | undefined {
    if (signals.attestation !== 'missing') return undefined;
    return { weightNats: weightsNats.attestationMissing, evidence: {} };
  },

  text: () => 'The number came without STIR/SHAKEN attestation.',
  agentText: 'The network does not vouch for the number.',
  german: 'Die Nummer war vom Netz nicht bestätigt.',
  measured: null,
} as const satisfies RiskSignal<'attestation-missing', AttestationMissing, never>;
