import { bootstrapDifference, type Interval } from '../../src/core/evaluation/bootstrap.js';
import { cllr } from '../../src/core/evaluation/cllr.js';
import { rocPoints, thresholdForFar } from '../../src/core/evaluation/error-rates.js';
import { measure, type FigureName } from '../../src/core/evaluation/figures.js';
import { sortTrials } from '../../src/core/evaluation/trials.js';
import { leastScale, toLlr, type Calibration } from '../../src/core/speaker/calibration.js';
import { Scorer, type ScoringModel } from '../../src/core/speaker/scoring.js';
import { UsageError } from '../evaluate/arguments.js';
import { seededRandom } from '../evaluate/seeded-random.js';
import { Fit, rangesOf, weightsOf, type TermName } from './fit.js';
import { figuresAt, reachedSeconds, sideOf, trialsAt, type AtSeconds } from './at-seconds.js';
import type { Comparison, Material } from './material.js';
import { fitRepeated, type Repeated } from './repeated-speech.js';
import { fittedTails, type FittedTail } from './fitted-tail.js';
import { scoresOf, variantName, type CohortNumbers, type Variant } from './variants.js';

export interface Candidate {
  readonly name: string;
  readonly variant: Variant;
  readonly terms: readonly TermName[];
  /** Mean over the reported lengths of speech, cross-validated: what candidates are chosen by. */
  readonly cllr: number;
  /** Its llr grows with the score whatever the side information. */
  readonly usable: boolean;
  readonly llrs: Float64Array;
  readonly at: readonly AtSeconds[];
}

export interface Outcome {
  readonly chosen: Candidate;
  readonly calibration: Calibration;
  readonly variants: readonly Candidate[];
  readonly terms: readonly Candidate[];
  /** Of Cllr, EER, minDCF and FRR against the chosen one, under the same draws. */
  readonly differences: ReadonlyMap<Candidate, ReadonlyMap<number, Record<FigureName, Interval> | null>>;
  /** Cllr of the calibration that the model had, and of the new one on the very comparisons it was fitted to. */
  readonly cllrBefore: number;
  readonly cllrFitted: number;
  readonly repeated: readonly Repeated[];
  /** The chosen one first; none where there are too few people. */
  readonly impostorTails: readonly FittedTail[];
}

const termSets: readonly (readonly TermName[])[] = [
  [],
  ['probeNetSpeech'],
  ['probeNetSpeech', 'referenceNetSpeech'],
  ['probeNetSpeech', 'referenceNetSpeech', 'snr'],
];
const speechTerms = termSets[2] ?? [];
const comparedSeconds = [5, 10];
const draws = 200;

export function calibrate(
  material: Material,
  model: ScoringModel,
  cohort: CohortNumbers,
  say: (text: string) => void,
): Outcome {
  const { comparisons } = material;
  const shared = { comparisons, weights: weightsOf(comparisons), ranges: rangesOf(comparisons) };
  const cohortSize = cohort.numbers.length / cohort.size;
  const fits = new Map<Candidate, Fit>();
  const candidate = (variant: Variant, scores: Float64Array, terms: readonly TermName[]): Candidate => {
    const fit = new Fit({ ...shared, scores, terms });
    const llrs = fit.crossValidated();
    const at = reachedSeconds(comparisons).map((seconds) => figuresAt(comparisons, llrs, seconds));
    const name = variantName(variant, cohortSize);
    const usable = leastScale(fit.calibration(model.sha256)) > 0;
    const made = { name, variant, terms, usable, llrs, at, cllr: meanCllr(comparisons, llrs) };
    fits.set(made, fit);
    say(`${name} with ${terms.join(', ') || 'the score alone'}: Cllr ${made.cllr.toFixed(4)}`);
    return made;
  };

  const topNs = [null, 50, 100, 200, cohortSize].filter((topN) => topN === null || topN <= cohortSize);
  const variants = [false, true].flatMap((centring) => topNs.map((topN): Variant => ({ centring, topN })));
  const ofVariants = variants.map((variant) =>
    candidate(variant, scoresOf(material, model, cohort, variant), speechTerms),
  );
  const best = leastCllr(ofVariants);
  const bestScores = scoresOf(material, model, cohort, best.variant);
  const ofTerms = termSets.map((terms) =>
    terms === speechTerms ? best : candidate(best.variant, bestScores, terms),
  );
  const chosen = leastCllr(ofTerms);
  const fit = fits.get(chosen);
  if (!fit) throw new Error('nothing was fitted');
  const ofAll = fit.calibration(model.sha256);
  const repeated = fitRepeated(material, { ...model, calibration: ofAll }, cohort, chosen.variant);
  const calibration = { ...ofAll, variety: repeated.variety };
  const differences = new Map(
    [...ofVariants, ...ofTerms]
      .filter((other) => other !== chosen)
      .map((other) => [other, differencesOf(comparisons, chosen, other)] as const),
  );
  return {
    chosen,
    calibration,
    variants: ofVariants,
    terms: ofTerms,
    differences,
    repeated: repeated.figures,
    impostorTails: fittedTails(material, cohort, chosen.variant),
    cllrBefore: meanCllr(comparisons, llrsBefore(comparisons, model)),
    cllrFitted: meanCllr(
      comparisons,
      comparisons.map((one, i) => toLlr(bestScores[i] ?? NaN, sideOf(one), calibration)),
    ),
  };
}

function leastCllr(candidates: readonly Candidate[]): Candidate {
  const [first, ...others] = candidates.filter(({ usable }) => usable);
  if (!first) throw new UsageError('no fit of this list gives an llr that grows with the score');
  return others.reduce((best, other) => (other.cllr < best.cllr ? other : best), first);
}

function meanCllr(comparisons: readonly Comparison[], llrs: ArrayLike<number>): number {
  const costs = reachedSeconds(comparisons).map((seconds) =>
    cllr(sortTrials(trialsAt(comparisons, llrs, seconds))),
  );
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

function llrsBefore(comparisons: readonly Comparison[], model: ScoringModel): number[] {
  const scorer = new Scorer(model);
  return comparisons.map(({ reference, probe }) => {
    const one = scorer.ready(reference.direction, reference.netSpeechMs);
    const other = scorer.ready(probe.direction, probe.netSpeechMs);
    if (!one || !other) throw new RangeError('a voice lies on the centre');
    return scorer.llr(one, other, probe.snrDb);
  });
}

function differencesOf(comparisons: readonly Comparison[], chosen: Candidate, other: Candidate) {
  return new Map(
    reachedSeconds(comparisons)
      .filter((seconds) => comparedSeconds.includes(seconds))
      .map((seconds) => {
        const first = sortTrials(trialsAt(comparisons, chosen.llrs, seconds));
        const second = sortTrials(trialsAt(comparisons, other.llrs, seconds));
        return [seconds, bootstrapDifference(first, second, measure, draws, seededRandom(1))] as const;
      }),
  );
}

/** llr at which other callers are falsely accepted so often, at the policy's net speech. */
export function thresholdsAt(
  comparisons: readonly Comparison[],
  { llrs }: Candidate,
  seconds: number,
): { far: number; threshold: number; falseRejectRate: number }[] {
  const points = rocPoints(sortTrials(trialsAt(comparisons, llrs, seconds)));
  return [0.01, 0.003, 0.001].map((far) => ({ far, ...thresholdForFar(points, far) }));
}
