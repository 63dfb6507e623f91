import { randomUUID } from 'node:crypto';
import { MoreThan, type EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { dayMs } from '../../../core/privacy/retention.js';
import type { EnrolmentStretch } from '../../../core/speaker/enrolment.js';
import { open, seal, wipe } from '../../../platform/crypto/envelope.js';
import { rowBinding, type OpenKey, type Owner } from './customer-keys.js';
import type { OpenGate } from './enrolment-consent.js';
import type { OfferedStretch } from './enrolment-outcome.js';
import { EnrolmentStretchRow } from './enrolment-stretch.entity.js';
import { protectAll, restoreAll } from './protected-vectors.js';
import { packStretch, unpackStretch } from './sealed-forms.js';

/** What earlier uploads and calls left towards an enrolment with this model, in clear: wipe it after use. */
export async function readPending(
  em: EntityManager,
  owner: Owner,
  modelId: string,
  key: OpenKey,
  nowMs: number,
): Promise<EnrolmentStretch[]> {
  const rows = await em.find(EnrolmentStretchRow, {
    where: { customerId: owner.customerId, modelId, expiresAt: MoreThan(new Date(nowMs)) },
    order: { createdAt: 'ASC', stretchId: 'ASC' },
  });
  return rows.map((row) => {
    const packed = open(key.key, row.ciphertext, rowBinding('enrolment_stretches', owner, row.stretchId));
    const stretch = unpackStretch(packed);
    wipe(packed);
    return row.protected ? withVectors(stretch, restoreAll(vectorsOf(stretch), key.transformOf)) : stretch;
  });
}

export async function storePending(
  em: EntityManager,
  owner: Owner,
  modelId: string,
  key: OpenKey,
  stretch: OfferedStretch,
  dates: { readonly createdAt: Date; readonly expiresAt: Date },
): Promise<void> {
  const stretchId = randomUUID();
  const turned = protectStretch(stretch, key.transformOf);
  const packed = packStretch(turned);
  await em.insert(EnrolmentStretchRow, {
    ...owner,
    ...dates,
    stretchId,
    modelId,
    keyId: key.keyId,
    ciphertext: seal(key.key, packed, rowBinding('enrolment_stretches', owner, stretchId)),
    protected: true,
    netSpeechMs: Math.round(stretch.netSpeechMs),
    source: stretch.source,
    callId: stretch.callId ?? null,
  });
  wipe(packed);
  wipeStretches([turned]);
}

/** How long what has to wait for the rest, or for a decision, may do so: never past consent. */
export function waitsUntil(
  { enrolment: { stretchDays } }: Policy,
  { validUntilMs }: Pick<OpenGate, 'validUntilMs'>,
  nowMs: number,
): Date {
  return new Date(Math.min(nowMs + stretchDays * dayMs, validUntilMs ?? Number.POSITIVE_INFINITY));
}

/** False: there was nothing. */
export async function deletePending(
  em: EntityManager,
  customerId: CustomerId,
  modelId: string,
): Promise<boolean> {
  const { affected } = await em.delete(EnrolmentStretchRow, { customerId, modelId });
  return (affected ?? 0) > 0;
}

/** The same speech as it is kept; the given one stays as it is. */
export function protectStretch(
  stretch: EnrolmentStretch,
  transformOf: OpenKey['transformOf'],
): EnrolmentStretch {
  return withVectors(stretch, protectAll(vectorsOf(stretch), transformOf));
}

function vectorsOf({ embeddings }: EnrolmentStretch): Float32Array[] {
  return embeddings.map(({ embedding }) => embedding);
}

function withVectors(
  { netSpeechMs, quality, embeddings }: EnrolmentStretch,
  vectors: readonly Float32Array[],
): EnrolmentStretch {
  return {
    netSpeechMs,
    quality,
    embeddings: embeddings.map((kept, index) => ({ ...kept, embedding: vectors[index] ?? kept.embedding })),
  };
}

export function wipeStretches(stretches: readonly EnrolmentStretch[]): void {
  for (const { embeddings } of stretches) for (const { embedding } of embeddings) embedding.fill(0);
}
