import { centred } from '../../src/core/speaker/centring.js';
import type { ScoreNormalisation } from '../../src/core/speaker/normalisation.js';
import { dot } from '../../src/core/speaker/vectors.js';
import { callerScore } from '../../src/core/watchlist/caller-score.js';
import { fitImpostorTail, type ImpostorTail } from '../../src/core/watchlist/impostor-tail.js';
import type { ScreenedCall } from './screened-call.js';

/** A call and a listed person, who did not make it unless they are the caller. */
export interface ListedPair {
  readonly caller: string;
  readonly call: string;
  readonly listed: string;
  /** The score of the moment at which the call comes closest: an alarm at any moment is an alarm. */
  readonly closest: number;
}

export interface Comparing {
  /** The centre fitted without these people: as it will be for people it never heard. Undefined: nothing is centred. */
  readonly centreWithout: (people: readonly string[]) => Float32Array | undefined;
  readonly normalisation: ScoreNormalisation | undefined;
}

/** Each call against each other person, who is listed by their first call that a list would take. */
export function strangerPairs(calls: readonly ScreenedCall[], comparing: Comparing): ListedPair[] {
  const entries = new Map<string, Float32Array>();
  for (const { caller, entry } of calls) if (entry && !entries.has(caller)) entries.set(caller, entry);
  return [...grouped(calls, ({ caller }) => caller)].flatMap(([caller, own]) =>
    [...entries].flatMap(([listed, entry]) => {
      if (listed === caller) return [];
      const centre = comparing.centreWithout([caller, listed]);
      return own.map(({ call, moments }) => ({
        caller,
        call,
        listed,
        closest: closestOf(moments, entry, centre, comparing.normalisation),
      }));
    }),
  );
}

/** Each call against each other call of the same person that a list would take. */
export function ownPairs(calls: readonly ScreenedCall[], comparing: Comparing): ListedPair[] {
  return [...grouped(calls, ({ caller }) => caller)].flatMap(([caller, own]) => {
    const centre = comparing.centreWithout([caller]);
    return own.flatMap(({ call, moments }) =>
      own.flatMap(({ call: listed, entry }) =>
        entry && listed !== call
          ? [
              {
                caller,
                call,
                listed: caller,
                closest: closestOf(moments, entry, centre, comparing.normalisation),
              },
            ]
          : [],
      ),
    );
  });
}

function closestOf(
  moments: readonly Float32Array[],
  entry: Float32Array,
  centre: Float32Array | undefined,
  normalisation: ScoreNormalisation | undefined,
): number {
  const listed = around(entry, centre);
  return moments.reduce((best, moment) => {
    const voice = around(moment, centre);
    return Math.max(best, callerScore(voice, normalisation)(dot(voice, listed)));
  }, -Infinity);
}

export function around(direction: Float32Array, centre: Float32Array | undefined): Float32Array {
  const voice = centred(direction, centre);
  if (!voice) throw new RangeError('a voice lies on the centre');
  return voice;
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

export function fitTailTo(pairs: readonly ListedPair[]): ImpostorTail {
  return fitImpostorTail(Float64Array.from(pairs, ({ closest }) => closest));
}
