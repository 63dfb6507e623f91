import type { LegalPack, Ruling } from './pack.js';
import { addPeriod } from './period.js';
import { rulingOf } from './registry.js';
import { lowestBy } from './strictest.js';

/** What is known of why a voice is kept. */
export interface Keeping {
  readonly lastInteractionMs: number;
  /** When what it was kept for was over, or will be; null: no end is known. */
  readonly purposeMetMs: number | null;
  /** When a review found that it is no longer needed; null: none has. */
  readonly foundUnneededMs: number | null;
}

export interface LimitReached {
  readonly atMs: number;
  readonly decidedBy: Ruling;
}

/** The first moment at which a pack wants a voice gone; undefined: none does for what is known now. */
export function keepNoLongerThan(packs: readonly LegalPack[], keeping: Keeping): LimitReached | undefined {
  const fromMs = {
    'purpose-met': keeping.purposeMetMs,
    'last-interaction': keeping.lastInteractionMs,
    'found-unneeded': keeping.foundUnneededMs,
  };
  const limits = packs.flatMap((pack) =>
    pack.rules.retention.flatMap((limit) => {
      const from = fromMs[limit.from];
      return from === null || from === Number.POSITIVE_INFINITY
        ? []
        : [{ atMs: addPeriod(from, limit.period), decidedBy: rulingOf(pack, 'retention', limit.article) }];
    }),
  );
  return lowestBy(limits, ({ atMs }) => atMs);
}

/** Who asks that the schedule of retention and destruction is public; empty: nobody. */
export function publicPolicyRules(packs: readonly LegalPack[]): readonly Ruling[] {
  return packs.flatMap((pack) =>
    pack.rules.publicPolicy === null ? [] : [rulingOf(pack, 'publicPolicy', pack.rules.publicPolicy.article)],
  );
}
