import type { Found, RiskSignal } from '../signal.js';

export interface FailedKnowledgeChecks {
  readonly count: number;
}

export const failedKnowledgeChecks = {
  code: 'failed-knowledge-checks',
  group: 'knowledge',
  // Little: customers forget, fraudsters prepare.
  defaultWeightsNats: { eachFailedKnowledgeCheck: 0.5, failedKnowledgeChecksAtMost: 1.5 },

  find(
    { failedKnowledgeChecks: count }: { readonly failedKnowledgeChecks: number },
    {
      weightsNats,
    }: {
      readonly weightsNats: {
        readonly eachFailedKnowledgeCheck: number;
        readonly failedKnowledgeChecksAtMost: number;
      };
    },
  ): Found<FailedKnowledgeChecks> | undefined {
    if (count === 0) return undefined;
    const { eachFailedKnowledgeCheck, failedKnowledgeChecksAtMost } = weightsNats;
    const weightNats = Math.min(count * eachFailedKnowledgeCheck, failedKnowledgeChecksAtMost);
    return { weightNats, evidence: { count } };
  },

  text: ({ count }: FailedKnowledgeChecks) =>
    count === 1
      ? 'One knowledge check failed in this call.'
      : `${count} knowledge checks failed in this call.`,
  agentText: 'Security questions were answered wrongly.',
  german: 'Sicherheitsfragen wurden nicht beantwortet.',
  measured: null,
} as const satisfies RiskSignal<'failed-knowledge-checks', FailedKnowledgeChecks, never>;
