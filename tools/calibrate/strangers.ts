import { defaultPolicy } from '../../src/core/policy/policy.js';
import type { ScoringModel } from '../../src/core/speaker/scoring.js';
import { fitImpostorTail, type ImpostorTail } from '../../src/core/watchlist/impostor-tail.js';
import type { Material } from './material.js';
import { scoresOf, type CohortNumbers, type Variant } from './variants.js';

export type FittedTail = ImpostorTail & { readonly pairs: number };

/** Of people who say the same words, which strangers on a telephone do not: it lies high rather than low. */
export function impostorTailOf(
  material: Material,
  model: ScoringModel,
  cohort: CohortNumbers,
  { centring }: Variant,
): FittedTail {
  const comparisons = material.comparisons.filter(
    ({ target, seconds, reference }) =>
      !target && seconds >= screenedFromSeconds && reference.netSpeechMs >= listedFromMs,
  );
  const scores = scoresOf({ ...material, comparisons }, model, cohort, { centring, topN: null });
  return { ...fitImpostorTail(scores), pairs: scores.length };
}
/** policy.watchlist: minNetSpeechMs and minEntryNetSpeechMs. */
const screenedFromSeconds = defaultPolicy.watchlist.minNetSpeechMs / 1000;
const listedFromMs = defaultPolicy.watchlist.minEntryNetSpeechMs;
