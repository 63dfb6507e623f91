import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { VoiceprintId } from '../../../core/ids.js';
import { open, seal, wipe } from '../../../platform/crypto/envelope.js';
import type { KeyRing } from '../../installation/tenants/key-ring.js';
import { forgetKey, liveKey, rowBinding, type OpenKey, type Owner } from './customer-keys.js';
import { packProtected, unpackProtected } from './protected-vectors.js';
import { Voiceprint } from './voiceprint.entity.js';

type Facts = Pick<
  Voiceprint,
  | 'modelId'
  | 'modelSha256'
  | 'netSpeechMs'
  | 'source'
  | 'migratedFrom'
  | 'consentId'
  | 'createdAt'
  | 'vouchesFrom'
  | 'expiresAt'
  | 'expiryReason'
  | 'expiryDecidedBy'
>;

/** Stores a voiceprint in the place of whatever older one there is, of any model. The caller holds the customer's lock. */
export async function replaceVoiceprint(
  em: EntityManager,
  owner: Owner,
  key: OpenKey,
  voiceprint: Float32Array,
  facts: Facts,
): Promise<VoiceprintId> {
  const endedReason = facts.migratedFrom === null ? 'enrolled-anew' : 'model-changed';
  await em.update(
    Voiceprint,
    { customerId: owner.customerId, status: 'active' },
    { status: 'replaced', ciphertext: null, endedAt: facts.createdAt, endedReason },
  );
  const voiceprintId = randomUUID() as string as VoiceprintId;
  const packed = packProtected(voiceprint, key.transformOf);
  await em.insert(Voiceprint, {
    ...owner,
    ...facts,
    voiceprintId,
    keyId: key.keyId,
    ciphertext: seal(key.key, packed, rowBinding('voiceprints', owner, voiceprintId)),
    protected: true,
    status: 'active',
    restrictedAt: null,
    countedIn: null,
    endedAt: null,
    endedReason: null,
  });
  wipe(packed);
  return voiceprintId;
}

/** The vector of an active voiceprint. Throws when its key does not fit: nothing then passes for the customer's voice. */
export async function openVoiceprint(
  em: EntityManager,
  owner: Owner,
  row: Voiceprint,
  ring: KeyRing,
): Promise<Float32Array> {
  const key = await liveKey(em, owner, ring);
  try {
    if (key?.keyId !== row.keyId || row.ciphertext === null)
      throw new Error('an active voiceprint has lost its key');
    const packed = open(key.key, row.ciphertext, rowBinding('voiceprints', owner, row.voiceprintId));
    const voiceprint = unpackProtected(packed, row.protected ? key.transformOf : null);
    wipe(packed);
    return voiceprint;
  } finally {
    if (key) forgetKey(key);
  }
}
