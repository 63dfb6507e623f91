import { bootstrapBySpeaker, type Interval } from './bootstrap.js';
import { cllr } from './cllr.js';
import { actDcf, minDcf, rocPoints, thresholdForFar } from './error-rates.js';
import { equalErrorRate, minCllr, poolAdjacentViolators } from './pav.js';
import { sortTrials, type ScoredTrial, type SortedTrials } from './trials.js';

export const figureNames = [
  'eer',
  'minDcf01',
  'actDcf01',
  'minDcf600',
  'actDcf600',
  'cllr',
  'minCllr',
  'frrAtFar1',
  'frrAtFar03',
  'frrAtFar01',
] as const;
export type FigureName = (typeof figureNames)[number];

/** The 95 % interval is null when the trials have too few speakers to draw from. */
export interface Figure {
  readonly value: number;
  readonly ci95: Interval | null;
}

/** dcf01: target prior 0.01; dcf600: 1/600. frrAtFar1, 03, 01: false accepts of 1 %, 0.3 %, 0.1 %. */
export function measure(sorted: SortedTrials): Record<FigureName, number> {
  const points = rocPoints(sorted);
  const blocks = poolAdjacentViolators(sorted);
  return {
    eer: equalErrorRate(blocks),
    minDcf01: minDcf(points, 0.01),
    actDcf01: actDcf(points, 0.01),
    minDcf600: minDcf(points, 1 / 600),
    actDcf600: actDcf(points, 1 / 600),
    cllr: cllr(sorted),
    minCllr: minCllr(blocks),
    frrAtFar1: thresholdForFar(points, 0.01).falseRejectRate,
    frrAtFar03: thresholdForFar(points, 0.003).falseRejectRate,
    frrAtFar01: thresholdForFar(points, 0.001).falseRejectRate,
  };
}

export function figuresOf(
  trials: readonly ScoredTrial[],
  draws: number,
  random: () => number,
): Record<FigureName, Figure> {
  const sorted = sortTrials(trials);
  const values = measure(sorted);
  const intervals = bootstrapBySpeaker(sorted, measure, draws, random);
  return Object.fromEntries(
    figureNames.map((name) => [name, { value: values[name], ci95: intervals?.[name] ?? null }]),
  ) as Record<FigureName, Figure>;
}
