/** One comparison of a voice with a voiceprint whose truth is known. */
export interface ScoredTrial {
  /** An llr, or any score that grows with likeness where calibration is not measured. */
  readonly score: number;
  readonly target: boolean;
  readonly enrolSpeaker: string;
  readonly probeSpeaker: string;
}

/** Trials in rising order of score, each counted `weights[i]` times (the bootstrap draws speakers, so trials repeat). */
export interface SortedTrials {
  readonly trials: readonly ScoredTrial[];
  readonly weights: Float64Array;
}

export function sortTrials(trials: readonly ScoredTrial[]): SortedTrials {
  if (trials.some(({ score }) => Number.isNaN(score))) throw new RangeError('a trial has no score');
  return {
    trials: [...trials].sort((a, b) => a.score - b.score),
    weights: new Float64Array(trials.length).fill(1),
  };
}

/** Trials of one score, which no threshold can tell apart. */
export interface TiedTrials {
  readonly score: number;
  readonly targets: number;
  readonly nontargets: number;
}

export function tiesOf({ trials, weights }: SortedTrials): TiedTrials[] {
  const ties: { score: number; targets: number; nontargets: number }[] = [];
  trials.forEach(({ score, target }, i) => {
    const weight = weights[i] ?? 0;
    if (weight === 0) return;
    let tie = ties.at(-1);
    if (tie?.score !== score) {
      tie = { score, targets: 0, nontargets: 0 };
      ties.push(tie);
    }
    if (target) tie.targets += weight;
    else tie.nontargets += weight;
  });
  return ties;
}

export function totalsOf(ties: readonly { targets: number; nontargets: number }[]): {
  targets: number;
  nontargets: number;
} {
  let targets = 0;
  let nontargets = 0;
  for (const tie of ties) {
    targets += tie.targets;
    nontargets += tie.nontargets;
  }
  if (targets === 0 || nontargets === 0)
    throw new RangeError('error rates need target and non-target trials, at least one of each');
  return { targets, nontargets };
}
