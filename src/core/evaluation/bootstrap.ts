import type { ScoredTrial, SortedTrials } from './trials.js';

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
  const { trials } = sorted;
  const weigh = weigher(trials);
  return intervalsOf(draws, speakersOf(trials), random, (times) => {
    const weights = weigh(times);
    return weights && measure({ trials, weights });
  });
}

/**
 * 95 % intervals of what `measure` gives for the second list minus what it gives for the first, both under the same draws: two
 * systems' scores of the same trials share their luck with the speakers.
 */
export function bootstrapDifference<Name extends string>(
  first: SortedTrials,
  second: SortedTrials,
  measure: (drawn: SortedTrials) => Record<Name, number>,
  draws: number,
  random: () => number,
): Record<Name, Interval> | null {
  const weighFirst = weigher(first.trials);
  const weighSecond = weigher(second.trials);
  return intervalsOf(draws, speakersOf(first.trials), random, (times) => {
    const ofFirst = weighFirst(times);
    const ofSecond = weighSecond(times);
    if (!ofFirst || !ofSecond) return null;
    const before = measure({ trials: first.trials, weights: ofFirst });
    const after = measure({ trials: second.trials, weights: ofSecond });
    const names = Object.keys(after) as Name[];
    return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as Record<
      Name,
      number
    >;
  });
}

type Times = ReadonlyMap<string, number>;

/** In order of name, so that one seed draws the same speakers for every list of theirs. */
function speakersOf(trials: readonly ScoredTrial[]): string[] {
  return [...new Set(trials.flatMap((trial) => [trial.enrolSpeaker, trial.probeSpeaker]))].sort();
}

/** Weights of the trials when each speaker was drawn so many times; null without both kinds of trial. */
function weigher(trials: readonly ScoredTrial[]): (times: Times) => Float64Array | null {
  const speakers = speakersOf(trials);
  const numbers = new Map(speakers.map((speaker, i) => [speaker, i]));
  const enrol = trials.map((trial) => numbers.get(trial.enrolSpeaker) ?? 0);
  const probe = trials.map((trial) => numbers.get(trial.probeSpeaker) ?? 0);
  return (times) => {
    const drawn = Float64Array.from(speakers, (speaker) => times.get(speaker) ?? 0);
    const kinds = { target: false, nontarget: false };
    const weights = Float64Array.from(trials, ({ target }, i) => {
      const ofEnrol = drawn[enrol[i] ?? 0] ?? 0;
      const weight = target ? ofEnrol : ofEnrol * (drawn[probe[i] ?? 0] ?? 0);
      if (weight > 0) kinds[target ? 'target' : 'nontarget'] = true;
      return weight;
    });
    return kinds.target && kinds.nontarget ? weights : null;
  };
}

function intervalsOf<Name extends string>(
  draws: number,
  speakers: readonly string[],
  random: () => number,
  measure: (times: Times) => Record<Name, number> | null,
): Record<Name, Interval> | null {
  const measured: Record<Name, number>[] = [];
  for (let attempt = 0; measured.length < draws && attempt < 2 * draws; attempt++) {
    const times = new Map<string, number>();
    for (let i = 0; i < speakers.length; i++) {
      const drawn = speakers[Math.floor(random() * speakers.length)] ?? '';
      times.set(drawn, (times.get(drawn) ?? 0) + 1);
    }
    const figures = measure(times);
    if (figures) measured.push(figures);
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
