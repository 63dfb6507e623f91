import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ConsentId, TenantId } from '../../core/ids.js';
import { proofHash } from './consent-record.js';

/**
 * Where the proof of a consent lies, apart from the chain: a reference may name the person, so it must be possible to erase it.
 * Returns what the chained row holds of it.
 */
export async function keepProof(
  em: EntityManager,
  tenantId: TenantId,
  consentId: ConsentId,
  reference: string,
): Promise<Buffer> {
  const salt = randomBytes(16);
  await em.query(
    'INSERT INTO consent_proofs (consent_id, tenant_id, reference, salt) VALUES ($1, $2, $3, $4)',
    [consentId, tenantId, reference, salt],
  );
  return proofHash(salt, reference);
}
