import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId, TokenId, WatchlistEntryId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { lockCustomer } from '../customers/customer-lock.js';
import type { NewHold } from './legal-hold-body.js';

export interface HoldView {
  readonly holdId: string;
  readonly customerId: CustomerId | null;
  readonly entryId: WatchlistEntryId | null;
  readonly reason: string;
  readonly state: 'in-force' | 'ended' | 'released';
  readonly placedBy: TokenId;
  readonly placedAt: string;
  readonly endsAt: string;
  readonly releasedBy: TokenId | null;
  readonly releasedAt: string | null;
}

interface HoldRow {
  readonly hold_id: string;
  readonly customer_id: CustomerId | null;
  readonly entry_id: WatchlistEntryId | null;
  readonly reason: string;
  readonly placed_by: TokenId;
  readonly placed_at: Date;
  readonly ends_at: Date;
  readonly released_by: TokenId | null;
  readonly released_at: Date | null;
}

/**
 * Holds stop the deletion of what is needed for the establishment, exercise or defence of legal claims (GDPR Art. 17(3)(e)):
 * until their end, and no longer. They open nothing: what is kept past its date is not used (Art. 18).
 */
@Injectable()
export class LegalHolds {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async place({ tenantId, tokenId }: Principal, hold: NewHold): Promise<HoldView> {
    const nowMs = this.clock.nowMs();
    if (Date.parse(hold.endsAt) <= nowMs) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'endsAt', expected: 'a time to come' }],
      });
    }
    return this.database.forTenant(tenantId, async (em) => {
      await refuseUnknown(em, hold);
      const holdId = randomUUID();
      const placedAt = new Date(nowMs);
      await em.query(
        `INSERT INTO legal_holds (hold_id, tenant_id, customer_id, entry_id, reason, placed_by, placed_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          holdId,
          tenantId,
          hold.customerId ?? null,
          hold.entryId ?? null,
          hold.reason,
          tokenId,
          placedAt,
          new Date(hold.endsAt),
        ],
      );
      await recordFact(em, tenantId, placedAt, {
        action: 'legal-hold-placed',
        by: tokenId,
        subject: { kind: 'legal-hold', id: holdId },
        details: {
          customerId: hold.customerId ?? null,
          entryId: hold.entryId ?? null,
          endsAt: new Date(hold.endsAt).toISOString(),
        },
      });
      return this.one(em, holdId);
    });
  }

  /** Ends a hold before its date. Again: the same answer, nothing recorded. */
  async release({ tenantId, tokenId }: Principal, holdId: string): Promise<HoldView> {
    return this.database.forTenant(tenantId, async (em) => {
      const now = new Date(this.clock.nowMs());
      const [, released] = await em.query<[unknown, number]>(
        'UPDATE legal_holds SET released_at = $2, released_by = $3 WHERE hold_id = $1 AND released_at IS NULL',
        [holdId, now, tokenId],
      );
      const view = await this.one(em, holdId);
      if (released > 0)
        await recordFact(em, tenantId, now, {
          action: 'legal-hold-released',
          by: tokenId,
          subject: { kind: 'legal-hold', id: holdId },
        });
      return view;
    });
  }

  /** Newest first. */
  async list(tenantId: TenantId): Promise<HoldView[]> {
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.query<HoldRow[]>('SELECT * FROM legal_holds ORDER BY placed_at DESC, hold_id LIMIT 1000'),
    );
    return rows.map((row) => toView(row, this.clock.nowMs()));
  }

  private async one(em: EntityManager, holdId: string): Promise<HoldView> {
    const [row] = await em.query<HoldRow[]>('SELECT * FROM legal_holds WHERE hold_id = $1', [holdId]);
    if (row === undefined) throw new ProblemError(404, 'legal-hold-not-found', 'There is no such legal hold');
    return toView(row, this.clock.nowMs());
  }
}

/** The customer's lock: a sweep or an erasure that is under way comes wholly before the hold or after it. */
async function refuseUnknown(em: EntityManager, { customerId, entryId }: NewHold): Promise<void> {
  if (customerId !== undefined) {
    await lockCustomer(em, customerId as CustomerId);
    return;
  }
  const found = await em.query<unknown[]>('SELECT 1 FROM watchlist_entries WHERE entry_id = $1 FOR UPDATE', [
    entryId,
  ]);
  if (found.length === 0)
    throw new ProblemError(404, 'unknown-watchlist-entry', 'There is no such voice on a watchlist');
}

function toView(row: HoldRow, nowMs: number): HoldView {
  const ended = row.ends_at.getTime() <= nowMs;
  return {
    holdId: row.hold_id,
    customerId: row.customer_id,
    entryId: row.entry_id,
    reason: row.reason,
    state: row.released_at !== null ? 'released' : ended ? 'ended' : 'in-force',
    placedBy: row.placed_by,
    placedAt: row.placed_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    releasedBy: row.released_by,
    releasedAt: row.released_at?.toISOString() ?? null,
  };
}
