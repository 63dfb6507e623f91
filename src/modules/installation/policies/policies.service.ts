import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, TokenId } from '../../../core/ids.js';
import {
  defaultPolicy,
  policySchema,
  type Policy,
  type PolicyDocument,
} from '../../../core/policy/policy.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { FactFeed } from '../facts/fact-feed.js';
import { recordFact } from '../facts/record-fact.js';
import { PolicyVersion } from './policy-version.entity.js';

/** The rules in force for a tenant; what is in memory is forgotten on every process when the tenant writes new ones. */
@Injectable()
export class PoliciesService implements OnModuleInit, OnModuleDestroy {
  private readonly cached = new Map<TenantId, Promise<Policy>>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('policies', (facts) => {
      for (const { action, tenantId } of facts) if (action === 'policy-changed') this.cached.delete(tenantId);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  current(tenantId: TenantId): Promise<Policy> {
    const kept = this.cached.get(tenantId);
    if (kept !== undefined) return kept;
    const loading = this.load(tenantId);
    this.cached.set(tenantId, loading);
    // A failure is not kept: the next caller tries again.
    loading.catch(() => {
      if (this.cached.get(tenantId) === loading) this.cached.delete(tenantId);
    });
    return loading;
  }

  async replace(tenantId: TenantId, document: PolicyDocument, by: TokenId): Promise<Policy> {
    const version = await this.database.forTenant(tenantId, async (em) => {
      // Versions are numbered without gaps, so two writers take turns.
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre policy ${tenantId}`]);
      const next = ((await em.maximum(PolicyVersion, 'version', { tenantId })) ?? 0) + 1;
      const createdAt = new Date(this.clock.nowMs());
      await em.insert(PolicyVersion, { tenantId, version: next, document, createdAt, createdBy: by });
      const subject = { kind: 'policy', id: String(next) } as const;
      await recordFact(em, tenantId, createdAt, { action: 'policy-changed', by, subject });
      return next;
    });
    this.cached.delete(tenantId);
    return { ...document, version };
  }

  /** Newest first. */
  versions(tenantId: TenantId): Promise<PolicyVersion[]> {
    return this.database.forTenant(tenantId, (em) =>
      em.find(PolicyVersion, { where: { tenantId }, order: { version: 'DESC' } }),
    );
  }

  private load(tenantId: TenantId): Promise<Policy> {
    return this.database.forTenant(tenantId, async (em) => {
      const latest = await em.findOne(PolicyVersion, { where: { tenantId }, order: { version: 'DESC' } });
      return latest === null
        ? defaultPolicy
        : { ...policySchema.parse(latest.document), version: latest.version };
    });
  }
}
