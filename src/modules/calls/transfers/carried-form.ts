import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { OpenKey } from '../../people/voiceprints/customer-keys.js';
import { protectAll, restoreAll } from '../../people/voiceprints/protected-vectors.js';
import { packVector, unpackVector } from '../../people/voiceprints/sealed-forms.js';

/** Of the form below: another version of Timbre may be running beside this one. */
const version = 4;

type TransformOf = OpenKey['transformOf'] | null;

/** How a carried call lies under its seal, its embeddings turned by the secret transform. The caller wipes what it gets. */
export function packCall(call: CarriedCall, transformOf: TransformOf): Buffer {
  const vectors = call.evidence?.segments.map(({ embedding }) => embedding) ?? [];
  const turned = transformOf === null ? [] : protectAll(vectors, transformOf);
  const segments = call.evidence?.segments.map((segment, index) => ({
    ...segment,
    embedding: packVector(turned[index] ?? segment.embedding).toString('base64'),
  }));
  for (const vector of turned) vector.fill(0);
  const evidence = call.evidence && { ...call.evidence, segments };
  return Buffer.from(JSON.stringify({ version, call: { ...call, evidence } }));
}

/** Undefined when another version packed it. */
export function unpackCall(packed: Buffer, transformOf: TransformOf): CarriedCall | undefined {
  // Written by packCall and authenticated by the seal: nobody else can have put it here.
  const found = JSON.parse(packed.toString('utf8'), (key, value: unknown) =>
    key === 'embedding' && typeof value === 'string' ? unpackVector(Buffer.from(value, 'base64')) : value,
  ) as { readonly version: number; readonly call: CarriedCall };
  if (found.version !== version) return undefined;
  const { call } = found;
  if (call.evidence === null || transformOf === null) return call;
  const restored = restoreAll(
    call.evidence.segments.map(({ embedding }) => embedding),
    transformOf,
  );
  const segments = call.evidence.segments.map((segment, index) => ({
    ...segment,
    embedding: restored[index] ?? segment.embedding,
  }));
  return { ...call, evidence: { ...call.evidence, segments } };
}
