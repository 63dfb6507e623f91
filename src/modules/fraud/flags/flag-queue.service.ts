import { Injectable } from '@nestjs/common';
import type { CallId, FlagId, TenantId } from '../../../core/ids.js';
import type { FlagState } from '../../../core/risk/flag-states.js';
import type { Severity } from '../../../core/risk/risk-reason.js';
import { Database } from '../../../platform/database/database.service.js';
import { summaryOf, type FlagSummary } from './flag-summary.js';
import { Flag } from './flag.entity.js';

export interface FlagPosition {
  readonly createdAt: Date;
  readonly flagId: FlagId;
}

export interface FlagSearch {
  readonly state?: FlagState | undefined;
  readonly severity?: Severity | undefined;
  readonly callId?: CallId | undefined;
  readonly limit: number;
  readonly after?: FlagPosition | undefined;
}

export interface FlagPage {
  readonly flags: readonly FlagSummary[];
  readonly next: FlagPosition | null;
}

/** Flags as the fraud team reads them. */
@Injectable()
export class FlagQueue {
  constructor(private readonly database: Database) {}

  /** Newest first; the position says where to go on, whatever was raised meanwhile. */
  async page(tenantId: TenantId, search: FlagSearch): Promise<FlagPage> {
    const { state, severity, callId, limit, after } = search;
    const found = await this.database.forTenant(tenantId, (em) => {
      const query = em
        .createQueryBuilder(Flag, 'flag')
        .where({
          tenantId,
          ...(state && { state }),
          ...(severity && { severity }),
          ...(callId && { callId }),
        })
        .orderBy('flag.createdAt', 'DESC')
        .addOrderBy('flag.flagId', 'DESC')
        .take(limit + 1);
      if (after !== undefined)
        query.andWhere('(flag.created_at, flag.flag_id) < (:createdAt, :flagId)', { ...after });
      return query.getMany();
    });
    const flags = found.slice(0, limit);
    const last = found.length > limit ? flags.at(-1) : undefined;
    return {
      flags: flags.map(summaryOf),
      next: last === undefined ? null : { createdAt: last.createdAt, flagId: last.flagId },
    };
  }
}
