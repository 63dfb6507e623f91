import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { KEY_SHARES, type KeyShares } from '../../../platform/crypto/key-shares.port.js';
import { KEY_VAULT, type KeyVault } from '../../../platform/crypto/key-vault.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
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
    @Inject(EVENT_BUS) private readonly bus: EventBus,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe((message) => {
      if (message.kind === 'tenant-keys-changed') this.secrets.delete(message.tenantId);
      // What was wrapped anew meanwhile is found when a row says so; versions of before are wanted no more.
      if (message.kind === 'resync') this.secrets.clear();
      if (message.kind === 'master-key-changed') this.vault.refresh();
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
