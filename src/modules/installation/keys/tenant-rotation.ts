import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, TokenId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { newDataKey, wipe } from '../../../platform/crypto/envelope.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../facts/record-fact.js';
import { keyContext } from '../tenants/tenant-secrets.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { KeyRenewal, total, type Outstanding } from './key-renewal.js';

export interface KeyState {
  readonly tenantKeyVersion: number;
  /** `rotating`: both keys open, the new one seals; it ends when nothing is outstanding. */
  readonly state: 'settled' | 'rotating';
  readonly masterKeyId: string | null;
  readonly outstanding: Outstanding;
}

/**
 * Rotates a tenant's key while it is in use: begun, everything is sealed under the new one; renewed in batches, what lay under
 * the old one; ended, the old one is gone.
 */
@Injectable()
export class TenantRotation {
  constructor(
    private readonly database: Database,
    private readonly renewal: KeyRenewal,
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  state(tenantId: TenantId): Promise<KeyState> {
    return this.database.forTenant(tenantId, async (em) => {
      const { keyVersion, previousWrappedKey, masterKeyId } = await em.findOneByOrFail(Tenant, { tenantId });
      return {
        tenantKeyVersion: keyVersion,
        state: previousWrappedKey === null ? 'settled' : 'rotating',
        masterKeyId,
        outstanding: await this.renewal.outstandingWithin(em, tenantId),
      };
    });
  }

  /** Begun again while one is under way, it is that one. */
  async begin(tenantId: TenantId, by: TokenId | null): Promise<'begun' | 'under-way'> {
    const key = newDataKey();
    const wrappedKey = await this.vault.wrap(key, keyContext(tenantId));
    wipe(key);
    const begun = await this.database.forTenant(tenantId, async (em) => {
      const tenant = await lockTenant(em, tenantId);
      if (tenant.previousWrappedKey !== null) return false;
      const keyVersion = tenant.keyVersion + 1;
      await em.update(
        Tenant,
        { tenantId },
        { wrappedKey, previousWrappedKey: tenant.wrappedKey, keyVersion },
      );
      await this.audit(em, tenantId, 'tenant-key-rotation-begun', by, keyVersion);
      return true;
    });
    return begun ? 'begun' : 'under-way';
  }

  /** Renews what it can; ends the rotation when nothing is outstanding. `told`: of each batch; it says whether to go on. */
  async advance(tenantId: TenantId, told?: (renewed: number) => boolean): Promise<'settled' | 'rotating'> {
    await this.renewal.renew(tenantId, told);
    const ended = await this.database.forTenant(tenantId, async (em) => {
      // Mostly there is none under way, and nobody has to wait to learn that.
      const { previousWrappedKey } = await em.findOneByOrFail(Tenant, { tenantId });
      if (previousWrappedKey === null) return 'settled';
      const { keyVersion, previousWrappedKey: stillThere } = await lockTenant(em, tenantId);
      if (stillThere === null) return 'settled';
      if (total(await this.renewal.outstandingWithin(em, tenantId)) > 0) return 'rotating';
      await em.update(Tenant, { tenantId }, { previousWrappedKey: null });
      await this.audit(em, tenantId, 'tenant-key-rotated', null, keyVersion);
      return 'ended';
    });
    if (ended !== 'ended') return ended;
    return 'settled';
  }

  private async audit(
    em: EntityManager,
    tenantId: TenantId,
    action: 'tenant-key-rotation-begun' | 'tenant-key-rotated',
    by: TokenId | null,
    version: number,
  ): Promise<void> {
    const subject = { kind: 'key', id: tenantId } as const;
    await recordFact(em, tenantId, new Date(this.clock.nowMs()), {
      action,
      by,
      subject,
      details: { version },
    });
  }
}

/** Waits for whoever is sealing under the key of now, and keeps others from it; not from rows that refer to the tenant. */
export async function lockTenant(em: EntityManager, tenantId: TenantId): Promise<Tenant> {
  return em.findOneOrFail(Tenant, { where: { tenantId }, lock: { mode: 'for_no_key_update' } });
}
