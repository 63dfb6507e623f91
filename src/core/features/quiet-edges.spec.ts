import { describe, expect, it } from '@jest/globals';
import { withQuietEdges } from './quiet-edges.js';

const edges = { edgeFrames: 2, floorShare: 0 };

describe('quiet edges of a piece of speech', () => {
  it('lie at each band’s geometric mean, around the frames as they were', () => {
    const padded = withQuietEdges(Float32Array.of(1, 8, 4, 2, 16, 4), 2, edges);
    // Geometric means: (1 · 4 · 16)^⅓ = 4 and (8 · 2 · 4)^⅓ = 4.
    expect(Array.from(padded.subarray(4, 10))).toEqual([1, 8, 4, 2, 16, 4]);
    for (const quiet of [padded.subarray(0, 4), padded.subarray(10)]) {
      expect(quiet).toHaveLength(4);
      for (const energy of quiet) expect(energy).toBeCloseTo(4, 5);
    }
  });

  it('leave the mean of the logarithms where it was, the floor that the network adds among them', () => {
    const mel = Float32Array.from({ length: 300 }, (_, i) => 1 + Math.sin(i) ** 2 * 50);
    const floorShare = 0.001;
    const floor = (floorShare * mel.reduce((sum, energy) => sum + energy, 0)) / mel.length;
    const meanLog = (from: Float32Array): number =>
      from.reduce((sum, energy) => sum + Math.log(energy + floor), 0) / from.length;
    expect(meanLog(withQuietEdges(mel, 1, { edgeFrames: 13, floorShare }))).toBeCloseTo(meanLog(mel), 6);
  });

  it('are zeros around zeros', () => {
    expect(Array.from(withQuietEdges(new Float32Array(6), 2, { ...edges, floorShare: 0.001 }))).toEqual(
      Array.from({ length: 14 }, () => 0),
    );
  });
});
