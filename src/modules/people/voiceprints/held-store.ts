import { randomUUID } from 'node:crypto';
import { MoreThan, type EntityManager } from 'typeorm';
import { open, seal, wipe } from '../../../platform/crypto/envelope.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import type { ServedModel } from '../../installation/models/served-model.js';
import { rowBinding, type OpenKey, type Owner } from './customer-keys.js';
import type { EnrolmentOutcome, OfferedStretch } from './enrolment-outcome.js';
import type { ReplacementRefusalCode } from '../../../core/speaker/replacement.js';
import { HeldEnrolment } from './held-enrolment.entity.js';
import { packProtected, unpackProtected } from './protected-vectors.js';

/** Enough for whoever tries honestly; more would be a queue that nobody reads. */
export const heldAtMost = 5;

interface Held {
  readonly owner: Owner;
  readonly stretch: OfferedStretch;
  readonly because: ReplacementRefusalCode;
  readonly model: ServedModel;
  readonly nowMs: number;
  readonly expiresAt: Date;
}

/** Seals a voiceprint aside, for a second person to decide on; null: as many wait as may. The caller holds the customer's lock. */
export async function hold(
  em: EntityManager,
  { owner, stretch, because, model, nowMs, expiresAt }: Held,
  { voiceprint, netSpeechMs }: { readonly voiceprint: Float32Array; readonly netSpeechMs: number },
  key: OpenKey,
): Promise<Extract<EnrolmentOutcome, { kind: 'held' }> | null> {
  const { customerId, tenantId } = owner;
  const at = new Date(nowMs);
  if ((await em.countBy(HeldEnrolment, { customerId, expiresAt: MoreThan(at) })) >= heldAtMost) return null;
  const heldId = randomUUID();
  const packed = packProtected(voiceprint, key.transformOf);
  const { reason = null, checks = [] } = stretch.again ?? {};
  const callId = stretch.callId ?? null;
  const offeredBy = stretch.by ?? null;
  await em.insert(HeldEnrolment, {
    ...owner,
    heldId,
    modelId: model.id,
    modelSha256: model.sha256,
    keyId: key.keyId,
    ciphertext: seal(key.key, packed, rowBinding('held_enrolments', owner, heldId)),
    netSpeechMs: Math.round(netSpeechMs),
    source: stretch.source,
    callId,
    because,
    reason,
    checks: [...checks],
    offeredBy,
    createdAt: at,
    expiresAt,
  });
  wipe(packed);
  await recordFact(em, tenantId, at, {
    action: 'enrolment-held',
    by: offeredBy,
    subject: { kind: 'customer', id: customerId },
    details: { heldId, because, reason, checks, source: stretch.source, expiresAt: expiresAt.toISOString() },
    ...(callId && { callId }),
  });
  return { kind: 'held', heldId, because, netSpeechMs, keptUntil: expiresAt.toISOString() };
}

/** In clear: wipe it after use. Throws when the key does not fit. */
export function openHeld(
  { heldId, keyId, ciphertext }: HeldEnrolment,
  owner: Owner,
  key: OpenKey,
): Float32Array {
  if (key.keyId !== keyId) throw new Error('a held enrolment has lost its key');
  const packed = open(key.key, ciphertext, rowBinding('held_enrolments', owner, heldId));
  const voiceprint = unpackProtected(packed, key.transformOf);
  wipe(packed);
  return voiceprint;
}
