import { falseMatchProbability } from '../../src/core/watchlist/corrected-llr.js';
import type { ImpostorTail } from '../../src/core/watchlist/impostor-tail.js';
import { fitTailTo, grouped, type ListedPair } from './strangers.js';

/** Shares of calls in which a list of strangers may raise an alarm (policy.watchlist.falseAlarmsPerCall). */
export const nominalShares = [0.01, 0.001] as const;

/** Calls held against a list, and how many of them had an alarm, for each of `nominalShares`. */
export interface AlarmTally {
  readonly entries: number;
  /** Calls, each once for every list it was held against. */
  readonly tried: number;
  readonly alarms: readonly number[];
}

/** How close each call comes to the best of as many lists of so many strangers as there are people for, nobody on two of them. */
export function bestOfLists(pairs: readonly ListedPair[], entries: number, random: () => number): number[] {
  return [...grouped(pairs, ({ call }) => call).values()].flatMap((ofCall) => {
    const listed = shuffled(ofCall, random);
    return Array.from({ length: Math.floor(listed.length / entries) }, (_, i) =>
      listed
        .slice(i * entries, (i + 1) * entries)
        .reduce((best, { closest }) => Math.max(best, closest), -Infinity),
    );
  });
}

export function alarmsOf(bests: readonly number[], entries: number, tail: ImpostorTail): AlarmTally {
  const chances = bests.map((best) => falseMatchProbability(best, entries, tail));
  const alarms = nominalShares.map((share) => chances.filter((chance) => chance <= share).length);
  return { entries, tried: bests.length, alarms };
}

const halvings = 20;
const checkedEntries = [1, 10, 20];

/**
 * Alarms of people who had no part in the tail: it is fitted to one half of them, among themselves, and tried on the other, both
 * ways, for many ways of halving.
 */
export function checkByHalves(pairs: readonly ListedPair[], random: () => number): AlarmTally[] {
  const people = [...new Set(pairs.flatMap(({ caller, listed }) => [caller, listed]))].sort();
  const tallies = Array.from({ length: halvings }, () => {
    const order = shuffled(people, random);
    const first = new Set(order.slice(0, order.length >> 1));
    const within = (isFirst: boolean): ListedPair[] =>
      pairs.filter(({ caller, listed }) => first.has(caller) === isFirst && first.has(listed) === isFirst);
    return [true, false].flatMap((isFirst) => {
      const tail = fitTailTo(within(isFirst));
      const tried = within(!isFirst);
      return checkedEntries.map((n) => alarmsOf(bestOfLists(tried, n, random), n, tail));
    });
  }).flat();
  return checkedEntries.map((n) =>
    sumOf(
      tallies.filter(({ entries }) => entries === n),
      n,
    ),
  );
}

/** Callers who are on a list of so many, found by a tail that was fitted without them; that nobody else is nearer is taken as given. */
export function foundAmong(
  own: readonly ListedPair[],
  strangers: readonly ListedPair[],
  entries: number,
): AlarmTally {
  const tallies = [...grouped(own, ({ caller }) => caller)].map(([person, pairs]) => {
    const others = strangers.filter(({ caller, listed }) => caller !== person && listed !== person);
    return alarmsOf(
      pairs.map(({ closest }) => closest),
      entries,
      fitTailTo(others),
    );
  });
  return sumOf(tallies, entries);
}

function sumOf(tallies: readonly AlarmTally[], entries: number): AlarmTally {
  const sum = (of: (one: AlarmTally) => number): number => tallies.reduce((all, one) => all + of(one), 0);
  return {
    entries,
    tried: sum(({ tried }) => tried),
    alarms: nominalShares.map((_, i) => sum(({ alarms }) => alarms[i] ?? 0)),
  };
}

function shuffled<T>(from: readonly T[], random: () => number): T[] {
  return from
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
