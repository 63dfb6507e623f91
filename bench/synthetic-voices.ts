import { meanDirection } from '../src/core/speaker/vectors.js';

/** A voice of a group: of one recorded gender. */
export interface GroupedVoice {
  readonly group: string;
  readonly voice: Float32Array;
}

/**
 * Voices that nobody has: drawn from a normal distribution with the mean and covariance of a group of real ones, the groups in
 * turn, and scaled to length 1. A call scores against them as against that group, in mean and spread.
 */
export function syntheticVoices(
  voices: readonly GroupedVoice[],
  count: number,
  random: () => number,
): Float32Array[] {
  const names = [...new Set(voices.map(({ group }) => group))].sort();
  const groups = names.map((name) => voices.filter(({ group }) => group === name).map(({ voice }) => voice));
  const means = groups.map(meanOf);
  return Array.from({ length: count }, (_, i) => {
    const group = groups[i % groups.length] ?? [];
    const mean = means[i % groups.length] ?? new Float32Array(0);
    const drawn = mean.slice();
    for (const one of group) {
      const weight = normal(random) / Math.sqrt(group.length - 1);
      for (let k = 0; k < drawn.length; k++)
        drawn[k] = (drawn[k] ?? 0) + weight * ((one[k] ?? 0) - (mean[k] ?? 0));
    }
    const voice = meanDirection([{ embedding: drawn, weight: 1 }]);
    if (!voice) throw new RangeError('a synthetic voice has no direction');
    return voice;
  });
}

function meanOf(voices: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(voices[0]?.length ?? 0);
  for (const voice of voices)
    for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] ?? 0) + (voice[k] ?? 0) / voices.length;
  return sum;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
