import { readCohort } from '../../src/core/speaker/normalisation.js';
import type { ImpostorTail } from '../../src/core/watchlist/impostor-tail.js';
import { seededRandom } from '../evaluate/seeded-random.js';
import type { Material } from './material.js';
import { checkByHalves, foundAmong, nominalShares, type AlarmTally } from './stranger-alarms.js';
import { fitTailTo, ownPairs, strangerPairs, type Comparing } from './strangers.js';
import { centreOf, type CohortNumbers, type Variant } from './variants.js';

export interface FittedTail extends Pick<ImpostorTail, 'mean' | 'sd'> {
  /** Of the cohort, that the caller's side is normalised against; null: the score is the cosine. */
  readonly topN: number | null;
  readonly pairs: number;
  readonly calls: number;
  readonly callers: number;
  /** False alarms of people who had no part in it. */
  readonly halves: readonly AlarmTally[];
  /** Listed callers that it finds. */
  readonly found: readonly AlarmTally[];
}

const normalisedTopN = 100;
const foundEntries = [1, 10, 100, 1000];
/** By what is found at the default policy's share of false alarms with this many entries. */
const chosenByEntries = 10;

/**
 * Of the cosine and of the score normalised on the caller's side, the one that finds more listed callers first; none where there
 * are too few people. They say the same words, which strangers on a telephone do not: the tail lies high rather than low.
 */
export function fittedTails(
  { screened, calls }: Pick<Material, 'screened' | 'calls'>,
  { numbers, size }: CohortNumbers,
  { centring }: Pick<Variant, 'centring'>,
): FittedTail[] {
  const cohort = readCohort(numbers, size, centring);
  const tails = [null, Math.min(normalisedTopN, cohort.length)].flatMap((topN) => {
    const comparing: Comparing = {
      centreWithout: (people) => (centring ? centreOf(calls, size, people) : undefined),
      normalisation: topN === null ? undefined : { topN, cohort },
    };
    const pairs = strangerPairs(screened, comparing);
    const { mean, sd } = fitTailTo(pairs);
    if (!(sd > 0)) return [];
    const own = ownPairs(screened, comparing);
    return {
      mean,
      sd,
      topN,
      pairs: pairs.length,
      calls: screened.length,
      callers: new Set(screened.map(({ caller }) => caller)).size,
      halves: checkByHalves(pairs, seededRandom(1)),
      found: foundEntries.map((entries) => foundAmong(own, pairs, entries)),
    };
  });
  return tails.sort((a, b) => chosenBy(b) - chosenBy(a));
}

function chosenBy({ found }: FittedTail): number {
  const at = found.find(({ entries }) => entries === chosenByEntries);
  return at?.alarms[nominalShares.indexOf(0.001)] ?? 0;
}
