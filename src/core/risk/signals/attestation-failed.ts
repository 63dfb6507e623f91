import type { Found, RiskSignal } from '../signal.js';

export type AttestationFailed = Readonly<Record<string, never>>;

export const attestationFailed = {
  code: 'attestation-failed',
  group: 'number',
  defaultWeightsNats: { attestationFailed: 1.5 },

  find(
    { signals }: { readonly signals: { readonly attestation?: string } },
    { weightsNats }: { readonly weightsNats: { readonly attestationFailed: number } },
  ): Found<AttestationFailed> | undefined {
    if (signals.attestation !== 'failed') return undefined;
    return { weightNats: weightsNats.attestationFailed, evidence: {} };
  },

  text: () => "The number's STIR/SHAKEN attestation failed its check.",
  agentText: 'The network’s word for the number did not hold.',
  german: 'Die Bestätigung der Nummer durch das Netz war falsch.',
  measured: null,
} as const satisfies RiskSignal<'attestation-failed', AttestationFailed, never>;
