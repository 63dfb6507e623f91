import { tiesOf, totalsOf, type SortedTrials } from './trials.js';

/** A stretch of scores within which the best monotone calibration makes no difference. */
export interface PavBlock {
  readonly lowestScore: number;
  readonly highestScore: number;
  readonly targets: number;
  readonly nontargets: number;
}

/**
 * Pool-adjacent-violators: the blocks, of rising share of targets, that the best monotone map from score to probability makes.
 * Their borders are the vertices of the ROC's convex hull (Brümmer and de Villiers, The BOSARIS Toolkit, 2011, section 2).
 */
export function poolAdjacentViolators(sorted: SortedTrials): PavBlock[] {
  const blocks: PavBlock[] = [];
  for (const tie of tiesOf(sorted)) {
    let block: PavBlock = { ...tie, lowestScore: tie.score, highestScore: tie.score };
    for (let before = blocks.at(-1); before && share(before) >= share(block); before = blocks.at(-1)) {
      blocks.pop();
      block = {
        lowestScore: before.lowestScore,
        highestScore: block.highestScore,
        targets: before.targets + block.targets,
        nontargets: before.nontargets + block.nontargets,
      };
    }
    blocks.push(block);
  }
  return blocks;
}

function share({ targets, nontargets }: PavBlock): number {
  return targets / (targets + nontargets);
}

/** The llr that the best monotone calibration gives a block: infinite where only one kind of trial fell. */
export function llrOfBlock(block: PavBlock, totals: { targets: number; nontargets: number }): number {
  return Math.log(block.targets / totals.targets) - Math.log(block.nontargets / totals.nontargets);
}

/**
 * Equal error rate on the convex hull of the ROC (ROCCH-EER). Taken rather than the step curve's, which has no point where both
 * rates are equal and needs an arbitrary interpolation: the hull's crossing is one number, does not change under monotone maps
 * or with ties, and is the worst error rate over all priors. With few trials it is a little lower than the step's.
 */
export function equalErrorRate(blocks: readonly PavBlock[]): number {
  const { targets, nontargets } = totalsOf(blocks);
  let falseRejects = 0;
  let falseAccepts = 1;
  for (const block of blocks) {
    const moreRejects = block.targets / targets;
    const fewerAccepts = block.nontargets / nontargets;
    const gap = falseAccepts - falseRejects;
    if (gap <= moreRejects + fewerAccepts)
      return falseRejects + (moreRejects * gap) / (moreRejects + fewerAccepts);
    falseRejects += moreRejects;
    falseAccepts -= fewerAccepts;
  }
  // Only rounding gets here: at the last vertex all is rejected, and the gap is closed.
  return falseRejects;
}

/** Cllr after the best monotone calibration: what of Cllr is the scores' own and not the calibration's. In bits. */
export function minCllr(blocks: readonly PavBlock[]): number {
  const totals = totalsOf(blocks);
  let ofTargets = 0;
  let ofNontargets = 0;
  for (const block of blocks) {
    const llr = llrOfBlock(block, totals);
    if (block.targets > 0) ofTargets += block.targets * Math.log2(1 + Math.exp(-llr));
    if (block.nontargets > 0) ofNontargets += block.nontargets * Math.log2(1 + Math.exp(llr));
  }
  return (ofTargets / totals.targets + ofNontargets / totals.nontargets) / 2;
}
