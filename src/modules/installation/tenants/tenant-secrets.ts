import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { binding, wipe } from '../../../platform/crypto/envelope.js';
import type { KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Tenant } from './tenant.entity.js';

/** What a wrapped tenant secret is bound to: it does not unwrap in another tenant's row or another column. */
export const keyContext = (tenantId: TenantId): string => binding('tenant-key', tenantId);
export const pepperContext = (tenantId: TenantId): string => binding('tenant-pepper', tenantId);
export const transformContext = (tenantId: TenantId): string => binding('tenant-transform', tenantId);

/** In clear: wipe a copy after use. */
export interface TenantSecrets {
  readonly version: number;
  /** Wraps keys and seals what belongs to nobody in particular. */
  readonly key: Buffer;
  /** While the key is being rotated: what has not been wrapped anew yet opens with this one, of the version before. */
  readonly previousKey: Buffer | null;
  /** Keys the tenant's hashes of phone numbers. Never rotated: numbers of before could not be recognised any more. */
  readonly pepper: Buffer;
  /** Of which the transforms of templates are made. */
  readonly transform: Buffer;
}

/** The row must be there. A tenant of before transforms existed gets its secret now. */
export async function readSecrets(
  em: EntityManager,
  tenantId: TenantId,
  vault: KeyVault,
): Promise<TenantSecrets> {
  let tenant = await em.findOneByOrFail(Tenant, { tenantId });
  if (tenant.wrappedTransform === null) {
    const transform = randomBytes(32);
    const wrapped = await vault.wrap(transform, transformContext(tenantId));
    wipe(transform);
    // Whoever came first: one secret for all processes.
    await em.query(
      'UPDATE tenants SET wrapped_transform = $2 WHERE tenant_id = $1 AND wrapped_transform IS NULL',
      [tenantId, wrapped],
    );
    tenant = await em.findOneByOrFail(Tenant, { tenantId });
  }
  const { wrappedKey, previousWrappedKey, wrappedPepper, wrappedTransform, keyVersion: version } = tenant;
  if (wrappedTransform === null) throw new Error('a secret just made is not there');
  return {
    version,
    key: await vault.unwrap(wrappedKey, keyContext(tenantId)),
    previousKey: previousWrappedKey && (await vault.unwrap(previousWrappedKey, keyContext(tenantId))),
    pepper: await vault.unwrap(wrappedPepper, pepperContext(tenantId)),
    transform: await vault.unwrap(wrappedTransform, transformContext(tenantId)),
  };
}
