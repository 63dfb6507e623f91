import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { wipe } from '../../../platform/crypto/envelope.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../facts/record-fact.js';
import { keyContext, pepperContext, transformContext } from '../tenants/tenant-secrets.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { lockTenant } from './tenant-rotation.js';

/** Wraps every tenant's secrets anew under the master key of now. The secrets stay, so nothing that runs is disturbed. */
@Injectable()
export class MasterRotation {
  constructor(
    private readonly database: Database,
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How many tenants are wrapped by each master key; '' stands for those of whom it was not noted. */
  async inUse(): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const tenantId of await this.database.listTenants()) {
      const { masterKeyId } = await this.database.forTenant(tenantId, (em) =>
        em.findOneByOrFail(Tenant, { tenantId }),
      );
      counts.set(masterKeyId ?? '', (counts.get(masterKeyId ?? '') ?? 0) + 1);
    }
    return counts;
  }

  /** A tenant that is wrapped by it already is left alone, so a broken-off run is simply run again. */
  async rotate(told: (done: number, of: number) => void = () => undefined): Promise<void> {
    // Other processes look for the new key when they meet something that theirs does not open.
    this.vault.refresh();
    const tenants = await this.database.listTenants();
    for (const [index, tenantId] of tenants.entries()) {
      await this.rewrap(tenantId);
      told(index + 1, tenants.length);
    }
  }

  /** The keys of before stand nowhere any more: processes that still hold them let them go. */
  async tellForgotten(): Promise<void> {
    const { keyId: masterKeyId } = this.vault;
    for (const tenantId of await this.database.listTenants())
      await this.database.forTenant(tenantId, (em) =>
        recordFact(em, tenantId, new Date(this.clock.nowMs()), {
          action: 'previous-master-keys-forgotten',
          by: null,
          subject: { kind: 'key', id: tenantId },
          details: { masterKeyId },
        }),
      );
  }

  private async rewrap(tenantId: TenantId): Promise<void> {
    await this.database.forTenant(tenantId, async (em) => {
      const tenant = await lockTenant(em, tenantId);
      if (tenant.masterKeyId === this.vault.keyId) return;
      const again = async (wrapped: Buffer, context: string): Promise<Buffer> => {
        const secret = await this.vault.unwrap(wrapped, context);
        const anew = await this.vault.wrap(secret, context);
        wipe(secret);
        return anew;
      };
      const { wrappedKey, previousWrappedKey, wrappedPepper, wrappedTransform } = tenant;
      const masterKeyId = this.vault.keyId;
      await em.update(
        Tenant,
        { tenantId },
        {
          wrappedKey: await again(wrappedKey, keyContext(tenantId)),
          previousWrappedKey: previousWrappedKey && (await again(previousWrappedKey, keyContext(tenantId))),
          wrappedPepper: await again(wrappedPepper, pepperContext(tenantId)),
          wrappedTransform: wrappedTransform && (await again(wrappedTransform, transformContext(tenantId))),
          masterKeyId,
        },
      );
      await recordFact(em, tenantId, new Date(this.clock.nowMs()), {
        action: 'master-key-rotated',
        by: null,
        subject: { kind: 'key', id: tenantId },
        details: { masterKeyId },
      });
    });
  }
}
