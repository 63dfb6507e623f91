import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import type { Fact } from '../../installation/facts/fact.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { listedFlag, type ListedFlag } from './flag-listed.js';
import type { FlagOrder, FlagPosition } from './flag-order.js';
import { countFlags, readFlagPage, type FlagCounts, type FoundFlag } from './flag-pages.js';
import type { FlagFilters } from './flag-search.js';

export interface FlagPageAsked {
  readonly order: FlagOrder;
  readonly limit: number;
  readonly after?: FlagPosition | undefined;
  readonly counts: boolean;
  /** Whose account each is about: for the fraud team alone, and every look is a fact. */
  readonly accountRefs: boolean;
}

export interface FlagPage {
  readonly flags: readonly ListedFlag[];
  readonly next: FlagPosition | null;
  readonly counts?: FlagCounts;
}

/** An export is read in pages, each in its own transaction: nothing is held open while a slow reader takes it. */
const exportPage = 1000;

/** Flags as the fraud team reads them. */
@Injectable()
export class FlagQueue {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async page(by: Principal, filters: FlagFilters, asked: FlagPageAsked): Promise<FlagPage> {
    const { tenantId } = by;
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      const { found, next } = await readFlagPage(em, tenantId, filters, asked);
      const counts = asked.counts ? await countFlags(em, tenantId, filters) : undefined;
      if (asked.accountRefs) await this.recordLooks(em, by, found);
      const flags = found.map((flag) => listedFlag(flag, policy, asked.accountRefs));
      return { flags, next, ...(counts && { counts }) };
    });
  }

  /** Every flag that is found, page by page, oldest first; that they were taken out is a fact before the first. */
  async export(
    { tenantId, tokenId }: Principal,
    filters: FlagFilters,
    format: string,
  ): Promise<AsyncGenerator<ListedFlag>> {
    const policy = await this.policies.current(tenantId);
    await this.database.forTenant(tenantId, (em) =>
      recordFact(em, tenantId, new Date(this.clock.nowMs()), {
        action: 'flag-list-exported',
        by: tokenId,
        subject: { kind: 'flag-list', id: tenantId },
        details: { format },
      }),
    );
    return this.all(tenantId, filters, policy);
  }

  private async *all(tenantId: TenantId, filters: FlagFilters, policy: Policy): AsyncGenerator<ListedFlag> {
    let after: FlagPosition | undefined;
    do {
      const asked = { order: 'oldest', limit: exportPage, after } as const;
      const { found, next } = await this.database.forTenant(tenantId, (em) =>
        readFlagPage(em, tenantId, filters, asked),
      );
      for (const flag of found) yield listedFlag(flag, policy, false);
      after = next ?? undefined;
    } while (after !== undefined);
  }

  /** One for each customer, so that each finds who looked. */
  private recordLooks(
    em: EntityManager,
    { tenantId, tokenId }: Principal,
    found: readonly FoundFlag[],
  ): Promise<void> {
    const looks = new Map<string, Fact>();
    for (const { customerId, flagId, callId } of found) {
      if (customerId === null) continue;
      const subject = { kind: 'customer', id: customerId } as const;
      const details = { flagId };
      looks.set(customerId, { action: 'account-reference-seen', by: tokenId, subject, callId, details });
    }
    return recordFact(em, tenantId, new Date(this.clock.nowMs()), ...looks.values());
  }
}
