import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { KEY_SHARES, type KeyShares } from '../../../platform/crypto/key-shares.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { TenantKeys } from '../tenants/tenant-keys.service.js';
import { destroyEndedShares } from './ended-shares.js';
import { SEALED_ROWS, type SealedRows } from './sealed-rows.js';

/** What still lies under keys or in a form of before, by the name of its rows. */
export type Outstanding = Readonly<Record<string, number>>;

const batch = 50;
/**
 * Brings what is sealed to the tenant's key of now, to halves in the key store and to secret transforms: in short transactions,
 * beside everything else, by as many processes as like. What a crash leaves undone is found by the next run.
 */
@Injectable()
export class KeyRenewal {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(SEALED_ROWS) private readonly sealed: readonly SealedRows[],
    @Inject(KEY_SHARES) private readonly shares: KeyShares,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Until nothing more can be renewed just now. `told` hears of each batch; it says whether to go on. */
  async renew(tenantId: TenantId, told: (renewed: number) => boolean = () => true): Promise<void> {
    for (const { renew } of this.sealed) {
      if (renew === null) continue;
      for (let renewed = 1; renewed > 0;) {
        const ring = await this.tenantKeys.ring(tenantId);
        try {
          renewed = await this.database.forTenant(tenantId, (em) => renew(em, ring, batch));
        } finally {
          ring.wipe();
        }
        if (!told(renewed)) return;
      }
    }
  }

  outstanding(tenantId: TenantId): Promise<Outstanding> {
    return this.database.forTenant(tenantId, (em) => this.outstandingWithin(em, tenantId));
  }

  async outstandingWithin(em: EntityManager, tenantId: TenantId): Promise<Outstanding> {
    const { keyVersion } = await em.findOneByOrFail(Tenant, { tenantId });
    const tenant = { tenantId, keyVersion, nowMs: this.clock.nowMs() };
    const counts: Record<string, number> = {};
    for (const { name, countOutdated } of this.sealed) counts[name] = await countOutdated(em, tenant);
    return counts;
  }

  /** Halves of keys that were destroyed: by a withdrawal, a revocation, a sweep. */
  async destroyEndedShares(tenantId: TenantId): Promise<number> {
    let destroyed = 0;
    for (;;) {
      const now = new Date(this.clock.nowMs());
      const some = await this.database.forTenant(tenantId, (em) =>
        destroyEndedShares(em, tenantId, this.shares, this.sealed, now),
      );
      destroyed += some;
      if (some === 0) return destroyed;
    }
  }
}

export function total(outstanding: Outstanding): number {
  return Object.values(outstanding).reduce((sum, count) => sum + count, 0);
}
