import { describe, expect, it } from '@jest/globals';
import { probit } from '../../src/core/evaluation/probit.js';
import { normalTail } from '../../src/core/watchlist/impostor-tail.js';
import { seededRandom } from '../evaluate/seeded-random.js';
import type { ScreenedCall } from './screened-call.js';
import { alarmsOf, bestOfLists, checkByHalves, foundAmong } from './stranger-alarms.js';
import { fitTailTo, ownPairs, strangerPairs, type ListedPair } from './strangers.js';

const asTheyAre = { centreWithout: () => undefined, normalisation: undefined };
/** Of length 1, with this cosine to the listed voice. */
const at = (cosine: number) => Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
const listed: ScreenedCall = {
  caller: 'listed',
  call: 'listed/1',
  moments: [at(1)],
  entry: Float32Array.of(1, 0),
};
const aCall = (caller: string, cosines: readonly number[], call = `${caller}/1`): ScreenedCall => ({
  caller,
  call,
  entry: null,
  moments: cosines.map(at),
});
const aPair = (caller: string, other: string, closest: number): ListedPair => ({
  caller,
  listed: other,
  closest,
  call: `${caller}/1`,
});

describe('the impostor tail of strangers whose score is normal at each of six moments', () => {
  const [mean, sd, moments] = [0.05, 0.15, 6];
  const random = seededRandom(3);
  const normal = (): number => mean + sd * probit(Math.max(random(), 1e-9));
  const calls = Array.from({ length: 20_000 }, (_, i) =>
    aCall(`c${i}`, Array.from({ length: moments }, normal)),
  );
  /** In closed form: the share of calls whose greatest of six independent scores passes what is allowed for one entry. */
  const alarms = (tail: { mean: number; sd: number }, nominal: number): number =>
    1 - (1 - normalTail((tail.mean + tail.sd * probit(1 - nominal) - mean) / sd)) ** moments;

  it('raises an alarm in the nominal share of calls, at any moment', () => {
    const tail = fitTailTo(strangerPairs([listed, ...calls], asTheyAre));
    for (const [nominal, least, most] of [
      [0.01, 0.009, 0.011],
      [0.001, 0.0008, 0.0013],
    ] as const) {
      expect(alarms(tail, nominal)).toBeGreaterThan(least);
      expect(alarms(tail, nominal)).toBeLessThan(most);
    }
  });

  it('would raise it several times too often if it were fitted at one moment', () => {
    const atOne = calls.map((call) => ({ ...call, moments: call.moments.slice(0, 1) }));
    expect(alarms(fitTailTo(strangerPairs([listed, ...atOne], asTheyAre)), 0.01)).toBeGreaterThan(0.05);
  });
});

describe('strangers', () => {
  it('are everybody else, each listed by their first call that is long enough, around a centre without both', () => {
    const asked: string[] = [];
    const late: ScreenedCall = { ...aCall('b', [0.2], 'b/2'), entry: at(0) };
    const calls = [listed, aCall('b', [0.5, 0.9, 0.1]), late];
    const pairs = strangerPairs(calls, {
      ...asTheyAre,
      centreWithout: (people) => {
        asked.push(people.join(' '));
        return undefined;
      },
    });
    expect(pairs.map(({ call, listed: other, closest }) => [call, other, closest.toFixed(2)])).toEqual([
      ['listed/1', 'b', '0.00'],
      ['b/1', 'listed', '0.90'],
      ['b/2', 'listed', '0.20'],
    ]);
    expect(asked).toEqual(['listed b', 'b listed']);
    expect(ownPairs(calls, asTheyAre).map(({ call, listed: person }) => [call, person])).toEqual([
      ['b/1', 'b'],
    ]);
  });

  it('are scored by how far they lie beyond the caller’s own nearest of a cohort', () => {
    // The two nearest of (1, 0), (0.6, 0.8), (0, −1) to (0.8, 0.6) lie at 0.8 and 0.96: 0.88 in the mean, 0.08 off it.
    const cohort = [at(1), at(0.6), Float32Array.of(0, -1)];
    const [pair] = strangerPairs([listed, aCall('b', [0.8])], {
      ...asTheyAre,
      normalisation: { topN: 2, cohort },
    });
    expect(pair?.closest).toBeCloseTo((0.8 - 0.88) / 0.08, 4);
  });
});

describe('the alarms of a list', () => {
  const standard = { mean: 0, sd: 1 };

  it('are counted once a call and list, by the best of the list', () => {
    // Φ(−2.4) = 0.0082, 1 − (1 − 0.0082)² = 0.0163: enough for a list of one, not for one of two.
    const pairs = [aPair('a', 'x', 2.4), aPair('a', 'y', 0), aPair('b', 'x', 5), aPair('b', 'y', 5)];
    const alarms = (entries: number) =>
      alarmsOf(bestOfLists(pairs, entries, seededRandom(1)), entries, standard);
    expect(alarms(1)).toEqual({ entries: 1, tried: 4, alarms: [3, 2] });
    expect(alarms(2)).toEqual({ entries: 2, tried: 2, alarms: [1, 1] });
    expect(alarms(3).tried).toBe(0);
  });

  it('find who is on it by a tail that the caller had no part in', () => {
    const others = Array.from({ length: 4000 }, (_, i) => aPair('x', 'y', probit((i + 0.5) / 4000)));
    // 4 deviations beyond strangers, Φ(−4) = 3.2e-5, though the caller's own pairs with them are wild.
    const strangers = [...others, ...others.map(({ closest }) => aPair('a', 'y', 9 * closest))];
    const own = [aPair('a', 'a', 4), aPair('a', 'a', 2)];
    expect(foundAmong(own, strangers, 1)).toEqual({ entries: 1, tried: 2, alarms: [1, 1] });
    expect(foundAmong(own, strangers, 100)).toEqual({ entries: 100, tried: 2, alarms: [1, 0] });
  });

  it('are as many as allowed among people whom the tail was not fitted to, where all are alike', () => {
    const random = seededRandom(5);
    const people = Array.from({ length: 60 }, (_, i) => `p${i}`);
    const pairs = people.flatMap((one) =>
      people
        .filter((other) => other !== one)
        .map((other) => aPair(one, other, probit(Math.max(random(), 1e-9)))),
    );
    for (const { entries, tried, alarms } of checkByHalves(pairs, random)) {
      expect([1, 10, 20]).toContain(entries);
      expect((alarms[0] ?? NaN) / tried).toBeGreaterThan(0.006);
      expect((alarms[0] ?? NaN) / tried).toBeLessThan(0.016);
    }
  });
});
