import { Inject, Injectable } from '@nestjs/common';
import type { TenantId } from '../../core/ids.js';
import { binding } from '../../platform/crypto/envelope.js';
import { KEY_VAULT, type KeyVault } from '../../platform/crypto/key-vault.port.js';
import { Database } from '../../platform/database/database.service.js';
import { Tenant } from './tenant.entity.js';

interface Secrets {
  readonly key: Buffer;
  readonly pepper: Buffer;
}

/** What a wrapped tenant secret is bound to: it does not unwrap in another tenant's row or the other column. */
export const keyContext = (tenantId: TenantId): string => binding('tenant-key', tenantId);
export const pepperContext = (tenantId: TenantId): string => binding('tenant-pepper', tenantId);

/** A tenant's secrets, unwrapped once and kept in memory. Each caller gets a copy of its own and may wipe it. */
@Injectable()
export class TenantKeys {
  readonly #secrets = new Map<TenantId, Promise<Secrets>>();

  constructor(
    private readonly database: Database,
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
  ) {}

  /** Wraps the tenant's data keys. */
  async tenantKey(tenantId: TenantId): Promise<Buffer> {
    return Buffer.from((await this.#of(tenantId)).key);
  }

  /** Keys the tenant's hashes (of phone numbers), so that they cannot be linked across tenants or guessed. */
  async pepper(tenantId: TenantId): Promise<Buffer> {
    return Buffer.from((await this.#of(tenantId)).pepper);
  }

  #of(tenantId: TenantId): Promise<Secrets> {
    const kept = this.#secrets.get(tenantId);
    if (kept !== undefined) return kept;
    const loading = this.#load(tenantId);
    this.#secrets.set(tenantId, loading);
    // A failure is not kept: the next caller tries again.
    loading.catch(() => this.#secrets.delete(tenantId));
    return loading;
  }

  async #load(tenantId: TenantId): Promise<Secrets> {
    const tenant = await this.database.forTenant(tenantId, (em) => em.findOneByOrFail(Tenant, { tenantId }));
    return {
      key: await this.vault.unwrap(tenant.wrappedKey, keyContext(tenantId)),
      pepper: await this.vault.unwrap(tenant.wrappedPepper, pepperContext(tenantId)),
    };
  }
}
