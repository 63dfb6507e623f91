import { dot } from '../../src/core/speaker/vectors.js';
import { callerScore } from '../../src/core/watchlist/caller-score.js';
import { falseMatchProbability } from '../../src/core/watchlist/corrected-llr.js';
import type { ImpostorTail } from '../../src/core/watchlist/impostor-tail.js';
import type { ScreenedCall } from '../../tools/calibrate/screened-call.js';
import { around } from '../../tools/calibrate/strangers.js';
import type { CallersTrial } from './shares.js';

/** Each call against a list of one entry that is somebody else's, at every moment: an alarm at any of them is one. */
export function alarmsOfOneEntry(
  screened: readonly ScreenedCall[],
  centre: Float32Array | undefined,
  tail: ImpostorTail,
  nominal: number,
): CallersTrial[] {
  const entries = new Map<string, Float32Array>();
  for (const { caller, entry } of screened)
    if (entry && !entries.has(caller)) entries.set(caller, around(entry, centre));
  return screened.flatMap(({ caller, call, moments }) => {
    const voices = moments.map((moment) => {
      const voice = around(moment, centre);
      return { voice, scoreOf: callerScore(voice, tail.normalisation) };
    });
    return [...entries].flatMap(([listed, entry]) => {
      if (listed === caller) return [];
      const closest = Math.max(...voices.map(({ voice, scoreOf }) => scoreOf(dot(voice, entry))));
      return [{ call, caller, happened: falseMatchProbability(closest, 1, tail) <= nominal }];
    });
  });
}
