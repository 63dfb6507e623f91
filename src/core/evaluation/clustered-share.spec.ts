import { describe, expect, it } from '@jest/globals';
import { clopperPearson } from './clopper-pearson.js';
import { clusteredShare, type ClusterSums } from './clustered-share.js';
import { seededRandom } from '../../../tools/evaluate/seeded-random.js';

describe('a share by cluster', () => {
  it('is nearly that of single trials where clusters have nothing in common', () => {
    const random = seededRandom(1);
    const sums = sumsOf(Array.from({ length: 2000 }, () => draw(20, 0.1, random)));
    const { effectiveTrials } = clusteredShare(sums, 2000);
    expect(effectiveTrials / sums.trials).toBeGreaterThan(0.9);
  });

  it('is that of as many people where each one’s trials all end alike', () => {
    const clusters = Array.from({ length: 200 }, (_, i) => ({ trials: 50, events: i < 10 ? 50 : 0 }));
    const { effectiveTrials, low, high } = clusteredShare(sumsOf(clusters), 200);
    expect(effectiveTrials).toBeCloseTo(199, 6);
    const exact = clopperPearson(10, 200);
    expect(low).toBeCloseTo(exact.low, 3);
    expect(high).toBeCloseTo(exact.high, 3);
  });

  it('counts several calls of one person as one', () => {
    const clusters = Array.from({ length: 200 }, (_, i) => ({ trials: 50, events: i < 10 ? 50 : 0 }));
    expect(clusteredShare(sumsOf(clusters), 50).effectiveTrials).toBeCloseTo(199 / 4, 6);
  });

  it('says no more of a share of nought than as many people can', () => {
    const clusters = Array.from({ length: 60 }, () => ({ trials: 50, events: 0 }));
    const { share, low, high } = clusteredShare(sumsOf(clusters), 30);
    expect([share, low]).toEqual([0, 0]);
    expect(high).toBeCloseTo(1 - 0.025 ** (1 / 30), 10);
  });

  it('holds the true share in about 95 of 100 cases where callers differ', () => {
    const random = seededRandom(7);
    let held = 0;
    for (let round = 0; round < 400; round++) {
      // One caller in five is near to many voices: 4 in 100, the others 1 in 200; 1.2 in 100 over all.
      const clusters = Array.from({ length: 100 }, () => draw(50, random() < 0.2 ? 0.04 : 0.005, random));
      const { low, high } = clusteredShare(sumsOf(clusters), 100);
      if (low <= 0.012 && high >= 0.012) held += 1;
    }
    expect(held / 400).toBeGreaterThan(0.93);
  });
});

interface Cluster {
  readonly trials: number;
  readonly events: number;
}

function draw(trials: number, share: number, random: () => number): Cluster {
  return { trials, events: Array.from({ length: trials }, random).filter((one) => one < share).length };
}

function sumsOf(clusters: readonly Cluster[]): ClusterSums {
  const sum = (of: (one: Cluster) => number): number => clusters.reduce((all, one) => all + of(one), 0);
  return {
    clusters: clusters.length,
    trials: sum(({ trials }) => trials),
    events: sum(({ events }) => events),
    trialsSquared: sum(({ trials }) => trials ** 2),
    eventsSquared: sum(({ events }) => events ** 2),
    eventsByTrials: sum(({ trials, events }) => trials * events),
  };
}
