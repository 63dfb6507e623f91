import { toLlr, type Calibration, type CountedBy, type Variety } from '../../src/core/speaker/calibration.js';
import type { ScoringModel } from '../../src/core/speaker/scoring.js';
import { figuresAt, reachedSeconds, sideOf, type AtSeconds } from './at-seconds.js';
import { repeatedSeconds, type Comparison, type Material } from './material.js';
import { scoresOf, type CohortNumbers, type Variant } from './variants.js';

/** One utterance over and over, its speech taken in one way. */
export interface Repeated extends AtSeconds {
  readonly name: string;
}

export interface RepeatedSpeech {
  readonly figures: readonly Repeated[];
  /** Undefined where there is nothing to fit it to. */
  readonly variety: Variety | undefined;
}

/** What one utterance over and over says, and how its llr must be moved to mean it; the calibration of other speech stands. */
export function fitRepeated(
  material: Material,
  model: ScoringModel,
  cohort: CohortNumbers,
  variant: Variant,
): RepeatedSpeech {
  const { repeated: comparisons, variety: counts } = material;
  const { calibration } = model;
  if (reachedSeconds(comparisons).length === 0 || !counts) return { figures: [], variety: undefined };
  const scores = scoresOf({ ...material, comparisons }, model, cohort, variant);
  const figures = (
    name: string,
    by: Calibration,
    more: (one: Comparison) => object = () => ({}),
  ): Repeated => {
    const llrs = Float64Array.from(comparisons, (one, i) =>
      toLlr(scores[i] ?? NaN, { ...sideOf(one), ...more(one) }, by),
    );
    return { name, ...figuresAt(comparisons, llrs, repeatedSeconds) };
  };
  const asItIs = figures('all of it', calibration, () => ({ probeNetSpeechMs: repeatedSeconds * 1000 }));
  const counted = figures('by how much it differs', calibration);
  const variety = varietyFor(comparisons, counts, counted);
  if (!variety) return { figures: [asItIs, counted], variety };
  const moved = figures('so, and moved', { ...calibration, variety }, ({ probe: { likeness } }) => ({
    likeness,
  }));
  return { figures: [asItIs, counted, moved], variety };
}

function varietyFor(
  comparisons: readonly Comparison[],
  { full }: NonNullable<CountedBy['variety']>,
  { slope, intercept }: Repeated,
): Variety | undefined {
  const probes = [...new Set(comparisons.map(({ probe }) => probe))];
  const unlike = probes.flatMap(({ likeness }) => (likeness === null ? [] : [1 - likeness]));
  unlike.sort((a, b) => a - b);
  const repeated = Number((unlike[unlike.length >> 1] ?? NaN).toPrecision(2));
  // An llr that fell as the score grows would be worse than one that says too much.
  if (!(repeated > 0 && repeated < full) || slope <= 0) return undefined;
  return { full, repeated, slope: Number(slope.toFixed(4)), intercept: Number(intercept.toFixed(4)) };
}
