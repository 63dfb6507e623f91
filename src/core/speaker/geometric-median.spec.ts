import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../tools/evaluate/seeded-random.js';
import { geometricMedian } from './geometric-median.js';

describe('the geometric median', () => {
  it('is the median on a line', () => {
    const points = [0, 1, 2, 7, 100].map((x) => Float32Array.of(x, 0));
    expect(geometricMedian(points)[0]).toBeCloseTo(2, 6);
  });

  it('is Fermat’s point of a triangle: its sides are seen under 120° from it', () => {
    const corners = [Float32Array.of(0, 0), Float32Array.of(4, 0), Float32Array.of(1, 3)];
    const middle = geometricMedian(corners);
    const bearings = corners
      .map(([x = 0, y = 0]) => Math.atan2(y - (middle[1] ?? 0), x - (middle[0] ?? 0)))
      .sort((a, b) => a - b);
    expect((bearings[1] ?? 0) - (bearings[0] ?? 0)).toBeCloseTo((2 * Math.PI) / 3, 5);
    expect((bearings[2] ?? 0) - (bearings[1] ?? 0)).toBeCloseTo((2 * Math.PI) / 3, 5);
  });

  it('stays where the many are when one in twenty lies anywhere, however far; the mean does not', () => {
    const random = seededRandom(5);
    const many = Array.from({ length: 57 }, () =>
      Float32Array.of(1 + random() / 5, random() / 5, random() / 5),
    );
    const clean = geometricMedian(many);
    for (const far of [10, 1000]) {
      const planted = [...many, ...Array.from({ length: 3 }, () => Float32Array.of(0, far, 0))];
      const moved = Math.hypot(...geometricMedian(planted).map((value, i) => value - (clean[i] ?? 0)));
      expect(moved).toBeLessThan(0.02);
      const mean = planted.reduce((sum, point) => sum + (point[1] ?? 0), 0) / planted.length;
      expect(Math.abs(mean - (clean[1] ?? 0))).toBeGreaterThan(0.3);
    }
  });

  it('is a point that most of them share', () => {
    const points = [1, 1, 1, 9, -4].map((x) => Float32Array.of(x, x));
    expect(geometricMedian(points)[0]).toBeCloseTo(1, 6);
  });
});
