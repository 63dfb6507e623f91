import { tiesOf, totalsOf, type SortedTrials } from './trials.js';

/** Error rates when every score above the threshold is accepted. */
export interface RocPoint {
  readonly threshold: number;
  readonly falseAcceptRate: number;
  readonly falseRejectRate: number;
}

/** From "accept all" to "accept none", one point for each threshold that makes a difference. */
export function rocPoints(sorted: SortedTrials): RocPoint[] {
  const ties = tiesOf(sorted);
  const { targets, nontargets } = totalsOf(ties);
  const points: RocPoint[] = [{ threshold: -Infinity, falseAcceptRate: 1, falseRejectRate: 0 }];
  let rejectedTargets = 0;
  let rejectedNontargets = 0;
  for (const tie of ties) {
    rejectedTargets += tie.targets;
    rejectedNontargets += tie.nontargets;
    points.push({
      threshold: tie.score,
      falseAcceptRate: (nontargets - rejectedNontargets) / nontargets,
      falseRejectRate: rejectedTargets / targets,
    });
  }
  return points;
}

/** The lowest threshold that keeps false accepts at or below a rate. A step, never interpolated: it must be one that can be set. */
export function thresholdForFar(points: readonly RocPoint[], falseAcceptRate: number): RocPoint {
  const point = points.find((candidate) => candidate.falseAcceptRate <= falseAcceptRate);
  if (!point) throw new RangeError(`no threshold has a false-accept rate of ${falseAcceptRate}`);
  return point;
}

/**
 * Detection cost at unit costs and a target prior (other costs fold into the prior), divided by that of the better of "accept
 * all" and "accept none": NIST SRE 2016 evaluation plan, section 3.1.
 */
export function normalisedCost(
  point: Pick<RocPoint, 'falseAcceptRate' | 'falseRejectRate'>,
  targetPrior: number,
): number {
  const cost = targetPrior * point.falseRejectRate + (1 - targetPrior) * point.falseAcceptRate;
  return cost / Math.min(targetPrior, 1 - targetPrior);
}

/** The least cost any threshold could have had. */
export function minDcf(points: readonly RocPoint[], targetPrior: number): number {
  return points.reduce((least, point) => Math.min(least, normalisedCost(point, targetPrior)), Infinity);
}

/** The cost at the Bayes threshold, −logit of the prior, which scores that are true llr deserve. */
export function actDcf(points: readonly RocPoint[], targetPrior: number): number {
  const threshold = Math.log((1 - targetPrior) / targetPrior);
  const point = points.findLast((candidate) => candidate.threshold <= threshold);
  if (!point) throw new RangeError('there are no points');
  return normalisedCost(point, targetPrior);
}
