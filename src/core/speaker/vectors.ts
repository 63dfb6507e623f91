/** Dot product; the cosine of two unit vectors. */
export function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length)
    throw new RangeError(`embeddings of ${a.length} and ${b.length} numbers cannot be compared`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** The unit vector of a direction; null for the zero vector or one that is not finite, which have none. */
export function unit(vector: Float32Array): Float32Array | null {
  const length = Math.sqrt(dot(vector, vector));
  if (!Number.isFinite(length) || length === 0) return null;
  return vector.map((value) => value / length);
}

export interface WeightedEmbedding {
  readonly embedding: Float32Array;
  /** Its share in the mean: the net speech it stands for. */
  readonly weight: number;
}

/** Weighted mean direction of several unit embeddings; null when there is none. */
export function meanDirection(parts: readonly WeightedEmbedding[]): Float32Array | null {
  const first = parts[0];
  if (!first) return null;
  const sum = new Float32Array(first.embedding.length);
  for (const { embedding, weight } of parts) {
    if (embedding.length !== sum.length)
      throw new RangeError('embeddings of different models cannot be averaged');
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (embedding[i] ?? 0);
  }
  return unit(sum);
}
