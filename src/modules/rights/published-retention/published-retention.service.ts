import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { publishedRetention, type PublishedRetention } from '../../../core/privacy/published-retention.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { STORED_TABLES, type StoredTable } from '../../../platform/database/stored-table.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { Tenant } from '../../installation/tenants/tenant.entity.js';

const listEveryMs = 5_000;

/** What anybody may ask for, as often as they like: an address that nobody has costs no query of its own. */
@Injectable()
export class PublishedRetentionService {
  private readonly names = new Map<TenantId, string>();
  private listedMs = -Infinity;
  private listing: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(STORED_TABLES) private readonly tables: readonly StoredTable[],
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Undefined: there is no such tenant. */
  async of(tenantId: TenantId): Promise<PublishedRetention | undefined> {
    if (!this.names.has(tenantId)) await this.list();
    const business = this.names.get(tenantId);
    if (business === undefined) return undefined;
    const { version, ...policy } = await this.policies.current(tenantId);
    return publishedRetention(
      business,
      version,
      policy,
      this.tables.flatMap(({ retained = [] }) => retained),
    );
  }

  private async list(): Promise<void> {
    if (this.clock.nowMs() - this.listedMs < listEveryMs) return this.listing;
    this.listedMs = this.clock.nowMs();
    this.listing = this.read();
    return this.listing;
  }

  private async read(): Promise<void> {
    for (const tenantId of await this.database.listTenants()) {
      if (this.names.has(tenantId)) continue;
      const tenant = await this.database.forTenant(tenantId, (em) => em.findOneBy(Tenant, { tenantId }));
      if (tenant !== null) this.names.set(tenantId, tenant.name);
    }
  }
}
