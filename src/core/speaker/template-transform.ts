/** Bytes of randomness that a transform of this size is made of. */
export function transformBytes(size: number): number {
  // One normal deviate a component, four bytes each, made in pairs.
  return Math.ceil((size * (size + 1)) / 4) * 8;
}

/**
 * A secret rotation of embeddings: distances and angles within it are what they were, and without its secret a rotated vector
 * tells nothing of the voice (ISO/IEC 24745: irreversible, unlinkable, renewable). Drawn evenly from all orthogonal matrices:
 * the product of Householder reflections of G. W. Stewart, "The efficient generation of random orthogonal matrices", SIAM J.
 * Numer. Anal. 17 (1980) 403–409, whose vectors are of size n, n − 1, …, 2, and a diagonal of signs.
 */
export class TemplateTransform {
  /** The reflections' unit vectors, longest first, one after the other. */
  private readonly vectors: Float64Array;
  private readonly signs: Float64Array;

  /** `random`: `transformBytes(size)` bytes of a cryptographic generator; the same bytes give the same transform. */
  constructor(
    readonly size: number,
    random: Uint8Array,
  ) {
    if (random.length !== transformBytes(size)) throw new Error('a transform needs its very number of bytes');
    const deviates = normalDeviates(random);
    this.vectors = deviates.subarray(0, (size * (size + 1)) / 2 - 1);
    this.signs = new Float64Array(size);
    for (let length = size, from = 0, row = 0; length >= 2; from += length, length -= 1, row += 1)
      this.signs[row] = toReflection(this.vectors.subarray(from, from + length));
    // Of the last component only the sign is left to draw.
    this.signs[size - 1] = (deviates[this.vectors.length] ?? 0) < 0 ? -1 : 1;
  }

  /** A new vector; the given one stays as it is. */
  protect(embedding: Float32Array): Float32Array {
    const turned = this.copyOf(embedding);
    for (let row = 0; row < this.size; row += 1) turned[row] = (turned[row] ?? 0) * (this.signs[row] ?? 1);
    let from = this.vectors.length;
    for (let length = 2; length <= this.size; length += 1) {
      from -= length;
      reflect(turned, this.vectors.subarray(from, from + length));
    }
    return rounded(turned);
  }

  restore(turned: Float32Array): Float32Array {
    const embedding = this.copyOf(turned);
    for (let length = this.size, from = 0; length >= 2; from += length, length -= 1)
      reflect(embedding, this.vectors.subarray(from, from + length));
    for (let row = 0; row < this.size; row += 1)
      embedding[row] = (embedding[row] ?? 0) * (this.signs[row] ?? 1);
    return rounded(embedding);
  }

  /** Overwrites the secret. */
  forget(): void {
    this.vectors.fill(0);
    this.signs.fill(0);
  }

  private copyOf(vector: Float32Array): Float64Array {
    if (vector.length !== this.size)
      throw new Error(`a vector of ${vector.length} in a transform of ${this.size}`);
    return Float64Array.from(vector);
  }
}

/** Makes normal deviates the unit vector of the reflection that takes them to an axis; returns the sign that goes with it. */
function toReflection(vector: Float64Array): number {
  const sign = (vector[0] ?? 0) < 0 ? -1 : 1;
  vector[0] = (vector[0] ?? 0) + sign * norm(vector);
  const length = norm(vector);
  for (let index = 0; index < vector.length; index += 1) vector[index] = (vector[index] ?? 0) / length;
  return -sign;
}

/** Reflects the last components of `x` in the plane across the unit vector. */
function reflect(x: Float64Array, unit: Float64Array): void {
  const offset = x.length - unit.length;
  let along = 0;
  for (let index = 0; index < unit.length; index += 1) along += (x[offset + index] ?? 0) * (unit[index] ?? 0);
  for (let index = 0; index < unit.length; index += 1)
    x[offset + index] = (x[offset + index] ?? 0) - 2 * along * (unit[index] ?? 0);
}

/** Box and Muller, from pairs of 32-bit numbers. */
function normalDeviates(random: Uint8Array): Float64Array {
  const view = new DataView(random.buffer, random.byteOffset, random.byteLength);
  const deviates = new Float64Array(random.length / 4);
  for (let index = 0; index < deviates.length; index += 2) {
    const radius = Math.sqrt(-2 * Math.log((view.getUint32(index * 4, true) + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * view.getUint32(index * 4 + 4, true)) / 2 ** 32;
    deviates[index] = radius * Math.cos(angle);
    deviates[index + 1] = radius * Math.sin(angle);
  }
  return deviates;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function rounded(vector: Float64Array): Float32Array {
  const single = Float32Array.from(vector);
  vector.fill(0);
  return single;
}
