import { tiesOf, totalsOf, type SortedTrials } from './trials.js';

/**
 * Cost of log-likelihood ratios in bits, over all priors and costs at once: 0 for perfect, 1 for llr that say nothing, more for
 * misleading ones (Brümmer and du Preez, Application-independent evaluation of speaker detection, 2006, eq. 22).
 */
export function cllr(sorted: SortedTrials): number {
  const ties = tiesOf(sorted);
  const { targets, nontargets } = totalsOf(ties);
  let ofTargets = 0;
  let ofNontargets = 0;
  for (const tie of ties) {
    if (tie.targets > 0) ofTargets += tie.targets * bits(-tie.score);
    if (tie.nontargets > 0) ofNontargets += tie.nontargets * bits(tie.score);
  }
  return (ofTargets / targets + ofNontargets / nontargets) / 2;
}

/** log2(1 + eˣ) without overflow. */
function bits(x: number): number {
  return (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))) / Math.LN2;
}
