import type { SortedTrials } from './trials.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % percentile intervals, drawing speakers and not trials: one person's trials resemble each other, and a new customer is a
 * new person. A trial counts once for each pair of draws of its two speakers (Snijders and Borgatti, Non-parametric standard
 * errors and tests for network statistics, 1999); a target trial, once for each draw of its one.
 * Draws without both kinds of trial say nothing and are drawn again; null when the list has too few speakers for that.
 */
export function bootstrapBySpeaker<Name extends string>(
  sorted: SortedTrials,
  measure: (drawn: SortedTrials) => Record<Name, number>,
  draws: number,
  random: () => number,
): Record<Name, Interval> | null {
  const numbers = new Map<string, number>();
  const numberOf = (speaker: string): number => {
    const number = numbers.get(speaker) ?? numbers.size;
    numbers.set(speaker, number);
    return number;
  };
  const enrol = sorted.trials.map((trial) => numberOf(trial.enrolSpeaker));
  const probe = sorted.trials.map((trial) => numberOf(trial.probeSpeaker));
  const measured: Record<Name, number>[] = [];
  for (let attempt = 0; measured.length < draws && attempt < 2 * draws; attempt++) {
    const times = new Float64Array(numbers.size);
    for (let i = 0; i < numbers.size; i++) {
      const drawn = Math.floor(random() * numbers.size);
      times[drawn] = (times[drawn] ?? 0) + 1;
    }
    const kinds = { target: false, nontarget: false };
    const weights = Float64Array.from(sorted.trials, ({ target }, i) => {
      const ofEnrol = times[enrol[i] ?? 0] ?? 0;
      const weight = target ? ofEnrol : ofEnrol * (times[probe[i] ?? 0] ?? 0);
      if (weight > 0) kinds[target ? 'target' : 'nontarget'] = true;
      return weight;
    });
    if (kinds.target && kinds.nontarget) measured.push(measure({ trials: sorted.trials, weights }));
  }
  const first = measured[0];
  if (!first || measured.length < draws) return null;
  const names = Object.keys(first) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, interval95(measured.map((figures) => figures[name]))]),
  ) as Record<Name, Interval>;
}

function interval95(values: readonly number[]): Interval {
  const rising = [...values].sort((a, b) => a - b);
  const at = (share: number): number => rising[Math.round(share * (rising.length - 1))] ?? NaN;
  return { low: at(0.025), high: at(0.975) };
}
