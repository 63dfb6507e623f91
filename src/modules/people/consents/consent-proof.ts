import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ConsentId, TenantId } from '../../../core/ids.js';
import { proofHash } from './consent-record.js';

/** Of a consent that came signed: by whom, and the hash by which it counts once. */
export interface Signature {
  readonly signerId: string;
  readonly signedSha256: Buffer;
}

/**
 * Where the proof of a consent lies, apart from the chain: a reference may name the person, so it must be possible to erase it.
 * Returns what the chained row holds of it.
 */
export async function keepProof(
  em: EntityManager,
  tenantId: TenantId,
  consentId: ConsentId,
  reference: string,
  signature: Signature | undefined,
): Promise<Buffer> {
  const salt = randomBytes(16);
  await em.query(
    `INSERT INTO consent_proofs (consent_id, tenant_id, reference, salt, signer_id, signed_sha256)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [consentId, tenantId, reference, salt, signature?.signerId ?? null, signature?.signedSha256 ?? null],
  );
  return proofHash(salt, reference);
}
