import type { CarriedCall } from '../../core/calls/carried-call.js';
import { packVector, unpackVector } from '../voiceprints/sealed-forms.js';

/** Of the form below: another version of Timbre may be running beside this one. */
const version = 1;

/** How a carried call lies under its seal. The caller wipes what it gets. */
export function packCall(call: CarriedCall): Buffer {
  const segments = call.evidence?.segments.map((segment) => ({
    ...segment,
    embedding: packVector(segment.embedding).toString('base64'),
  }));
  const evidence = call.evidence && { ...call.evidence, segments };
  return Buffer.from(JSON.stringify({ version, call: { ...call, evidence } }));
}

/** Undefined when another version packed it. */
export function unpackCall(packed: Buffer): CarriedCall | undefined {
  // Written by packCall and authenticated by the seal: nobody else can have put it here.
  const found = JSON.parse(packed.toString('utf8'), (key, value: unknown) =>
    key === 'embedding' && typeof value === 'string' ? unpackVector(Buffer.from(value, 'base64')) : value,
  ) as { readonly version: number; readonly call: CarriedCall };
  return found.version === version ? found.call : undefined;
}
