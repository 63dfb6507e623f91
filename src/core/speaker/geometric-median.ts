/** Rounds after which nothing moves that a float can tell. */
const maxRounds = 200;
const settled = 1e-9;

/**
 * The point with the least sum of distances to all of them, by Weiszfeld's method (Tohoku Mathematical Journal 43, 1937; Vardi and Zhang,
 * PNAS 97, 2000, for a point that it lands on). Each voice pulls by its direction alone, however far it lies: up to half of them may be
 * anywhere and it stays among the others (breakdown point 1/2: Lopuhaä and Rousseeuw, Annals of Statistics 19, 1991).
 */
export function geometricMedian(points: readonly Float32Array[]): Float64Array {
  const [first] = points;
  if (!first) throw new RangeError('nothing has no middle');
  let middle = Float64Array.from(
    first,
    (_, i) => points.reduce((sum, point) => sum + (point[i] ?? 0), 0) / points.length,
  );
  for (let round = 0; round < maxRounds; round++) {
    const next = new Float64Array(middle.length);
    let weights = 0;
    for (const point of points) {
      const weight = 1 / Math.max(settled, distance(point, middle));
      weights += weight;
      point.forEach((value, i) => (next[i] = (next[i] ?? 0) + weight * value));
    }
    next.forEach((value, i) => (next[i] = value / weights));
    const moved = distance(next, middle);
    middle = next;
    if (moved < settled) break;
  }
  return middle;
}

function distance(a: ArrayLike<number>, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum);
}
