import type { TemplateTransform } from '../../../core/speaker/template-transform.js';
import { packVector, unpackVector } from './sealed-forms.js';

type TransformOf = (size: number) => TemplateTransform;

/** As vectors lie under the seal: turned by the secret transform. The caller wipes what it gets. */
export function packProtected(vector: Float32Array, transformOf: TransformOf): Buffer {
  const [turned] = protectAll([vector], transformOf);
  if (turned === undefined) throw new Error('a vector was lost');
  const packed = packVector(turned);
  turned.fill(0);
  return packed;
}

/** Null: sealed before there were transforms. */
export function unpackProtected(packed: Buffer, transformOf: TransformOf | null): Float32Array {
  const kept = unpackVector(packed);
  if (transformOf === null) return kept;
  const [vector] = restoreAll([kept], transformOf);
  if (vector === undefined) throw new Error('a vector was lost');
  return vector;
}

/** New vectors; the given ones stay as they are. */
export function protectAll(vectors: readonly Float32Array[], transformOf: TransformOf): Float32Array[] {
  return withTransform(vectors, transformOf, (transform, vector) => transform.protect(vector));
}

/** Overwrites what it is given: of a template's two forms only the one that is asked for is left. */
export function restoreAll(kept: readonly Float32Array[], transformOf: TransformOf): Float32Array[] {
  return withTransform(kept, transformOf, (transform, vector) => {
    const restored = transform.restore(vector);
    vector.fill(0);
    return restored;
  });
}

function withTransform(
  vectors: readonly Float32Array[],
  transformOf: TransformOf,
  turn: (transform: TemplateTransform, vector: Float32Array) => Float32Array,
): Float32Array[] {
  const [first] = vectors;
  if (first === undefined) return [];
  const transform = transformOf(first.length);
  try {
    return vectors.map((vector) => turn(transform, vector));
  } finally {
    transform.forget();
  }
}
