import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { newDataKey, wipe } from '../../../platform/crypto/envelope.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { keyContext, pepperContext, transformContext } from './tenant-secrets.js';
import { Tenant } from './tenant.entity.js';

/** Making and finding tenants: for operators' tools, never for a route. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly database: Database,
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Rejects when the name is taken. */
  async create(name: string): Promise<TenantId> {
    const tenantId = randomUUID() as string as TenantId;
    const key = newDataKey();
    const pepper = randomBytes(32);
    const transform = randomBytes(32);
    try {
      const tenant = {
        tenantId,
        name,
        wrappedKey: await this.vault.wrap(key, keyContext(tenantId)),
        wrappedPepper: await this.vault.wrap(pepper, pepperContext(tenantId)),
        wrappedTransform: await this.vault.wrap(transform, transformContext(tenantId)),
        masterKeyId: this.vault.keyId,
        keyVersion: 1,
        previousWrappedKey: null,
        createdAt: new Date(this.clock.nowMs()),
      };
      await this.database.forTenant(tenantId, (em) => em.insert(Tenant, tenant));
    } finally {
      wipe(key);
      wipe(pepper);
      wipe(transform);
    }
    return tenantId;
  }

  async findByName(name: string): Promise<TenantId | undefined> {
    for (const tenantId of await this.database.listTenants()) {
      const tenant = await this.database.forTenant(tenantId, (em) => em.findOneBy(Tenant, { tenantId }));
      if (tenant?.name === name) return tenantId;
    }
    return undefined;
  }
}
