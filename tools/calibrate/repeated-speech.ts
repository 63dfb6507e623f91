import { toLlr } from '../../src/core/speaker/calibration.js';
import type { ScoringModel } from '../../src/core/speaker/scoring.js';
import { figuresAt, reachedSeconds, sideOf, type AtSeconds } from './at-seconds.js';
import { repeatedSeconds, type Comparison, type Material } from './material.js';
import { scoresOf, type CohortNumbers, type Variant } from './variants.js';

/** One utterance over and over, its speech counted in one way; the calibration is the one chosen. */
export interface Repeated extends AtSeconds {
  readonly name: string;
}

export function repeatedFigures(
  material: Material,
  { calibration, ...model }: ScoringModel,
  cohort: CohortNumbers,
  variant: Variant,
): Repeated[] {
  const { repeated: comparisons } = material;
  if (reachedSeconds(comparisons).length === 0) return [];
  const scores = scoresOf({ ...material, comparisons }, { ...model, calibration }, cohort, variant);
  const figures = (name: string, netSpeechMs: (side: Comparison) => number): Repeated => {
    const llrs = Float64Array.from(comparisons, (one, i) =>
      toLlr(scores[i] ?? NaN, { ...sideOf(one), probeNetSpeechMs: netSpeechMs(one) }, calibration),
    );
    return { name, ...figuresAt(comparisons, llrs, repeatedSeconds) };
  };
  return [
    figures('all of it', () => repeatedSeconds * 1000),
    figures('by how much it differs', ({ probe }) => probe.netSpeechMs),
  ];
}
