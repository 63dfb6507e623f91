import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { KEY_SHARES, type KeyShares } from '../../../platform/crypto/key-shares.port.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { FactFeed } from '../facts/fact-feed.js';
import { KeyRing } from './key-ring.js';
import { readSecrets, type TenantSecrets } from './tenant-secrets.js';

/** A tenant's secrets, unwrapped once and kept in memory. Each caller gets a copy of its own and may wipe it. */
@Injectable()
export class TenantKeys implements OnModuleInit, OnModuleDestroy {
  private readonly secrets = new Map<TenantId, Promise<TenantSecrets>>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    @Inject(KEY_VAULT) private readonly vault: KeyVault,
    @Inject(KEY_SHARES) private readonly shares: KeyShares,
    private readonly feed: FactFeed,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('tenant keys', (facts) => {
      for (const { action, tenantId } of facts) {
        if (action === 'tenant-key-rotation-begun' || action === 'tenant-key-rotated')
          this.secrets.delete(tenantId);
        if (action === 'master-key-rotated' || action === 'previous-master-keys-forgotten')
          this.vault.refresh();
      }
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  /** Opens and seals what is the tenant's. Wipe it. */
  async ring(tenantId: TenantId): Promise<KeyRing> {
    return new KeyRing(tenantId, await this.of(tenantId), this.shares, (em) => this.again(em, tenantId));
  }

  /** Keys the tenant's hashes (of phone numbers), so that they cannot be linked across tenants or guessed. */
  async pepper(tenantId: TenantId): Promise<Buffer> {
    return Buffer.from((await this.of(tenantId)).pepper);
  }

  private of(tenantId: TenantId): Promise<TenantSecrets> {
    const kept = this.secrets.get(tenantId);
    if (kept !== undefined) return kept;
    const read = this.database.forTenant(tenantId, (em) => readSecrets(em, tenantId, this.vault));
    return this.keep(tenantId, read);
  }

  /** In the caller's own transaction: one that waited for another connection could wait for ever. */
  private again(em: EntityManager, tenantId: TenantId): Promise<TenantSecrets> {
    return this.keep(tenantId, readSecrets(em, tenantId, this.vault));
  }

  private keep(tenantId: TenantId, reading: Promise<TenantSecrets>): Promise<TenantSecrets> {
    this.secrets.set(tenantId, reading);
    // A failure is not kept: the next caller tries again.
    reading.catch(() => {
      if (this.secrets.get(tenantId) === reading) this.secrets.delete(tenantId);
    });
    return reading;
  }
}
