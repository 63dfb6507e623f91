import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { IsNull, type EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TenantId, WatchlistId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { uncoverable } from '../../../core/watchlist/list-basis.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { endEntries } from './entry-store.js';
import type { WatchlistBody } from './watchlist-body.js';
import { listView, type WatchlistView } from './watchlist-view.js';
import { Watchlist } from './watchlist.entity.js';

/** Lists with the ground that each stands on. A list without an approval in force holds voices, and is held against no call. */
@Injectable()
export class WatchlistsService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(by: Principal, body: WatchlistBody): Promise<WatchlistView> {
    const { tenantId } = by;
    const now = this.approval(body);
    refuseUncoverable(body, await this.policies.current(tenantId));
    const row = await this.database.forTenant(tenantId, async (em) => {
      await refuseTakenName(em, body.name, null);
      const made = em.create(Watchlist, {
        ...body,
        tenantId,
        listId: randomUUID() as string as WatchlistId,
        reviewBy: new Date(body.reviewBy),
        approvedAt: now,
        createdAt: now,
        recordedBy: by.tokenId,
        closedAt: null,
      });
      await em.insert(Watchlist, made);
      const subject = { kind: 'watchlist', id: made.listId } as const;
      await recordFact(em, tenantId, now, { action: 'watchlist-created', by: by.tokenId, subject });
      return made;
    });
    return listView(row, 0, now.getTime());
  }

  /** A review: the ground, its reach and its approval are written anew. */
  async review(by: Principal, listId: WatchlistId, body: WatchlistBody): Promise<WatchlistView> {
    const { tenantId } = by;
    const now = this.approval(body);
    refuseUncoverable(body, await this.policies.current(tenantId));
    await this.database.forTenant(tenantId, async (em) => {
      await lockOpenList(em, listId);
      await refuseTakenName(em, body.name, listId);
      const reviewBy = new Date(body.reviewBy);
      await em.update(Watchlist, { listId }, { ...body, reviewBy, approvedAt: now, recordedBy: by.tokenId });
      const subject = { kind: 'watchlist', id: listId } as const;
      await recordFact(em, tenantId, now, { action: 'watchlist-reviewed', by: by.tokenId, subject });
    });
    return this.get(tenantId, listId);
  }

  /** Ends the list: every voice on it is destroyed. */
  async close(by: Principal, listId: WatchlistId): Promise<void> {
    const nowMs = this.clock.nowMs();
    await this.database.forTenant(by.tenantId, async (em) => {
      await lockOpenList(em, listId);
      await endEntries(em, { listId }, { reason: 'list-closed', by: by.tokenId, nowMs });
      const closedAt = new Date(nowMs);
      await em.update(Watchlist, { listId }, { closedAt });
      const subject = { kind: 'watchlist', id: listId } as const;
      await recordFact(em, by.tenantId, closedAt, { action: 'watchlist-closed', by: by.tokenId, subject });
    });
  }

  async list(tenantId: TenantId): Promise<WatchlistView[]> {
    return this.views(tenantId, null);
  }

  async get(tenantId: TenantId, listId: WatchlistId): Promise<WatchlistView> {
    const [view] = await this.views(tenantId, listId);
    return view ?? unknownList();
  }

  private async views(tenantId: TenantId, listId: WatchlistId | null): Promise<WatchlistView[]> {
    return this.database.forTenant(tenantId, async (em) => {
      const where = listId === null ? { tenantId } : { tenantId, listId };
      const rows = await em.find(Watchlist, { where, order: { createdAt: 'ASC' } });
      const counts: { list_id: string; kept: number }[] = await em.query(
        'SELECT list_id, count(*)::int AS kept FROM watchlist_entries WHERE ended_at IS NULL GROUP BY list_id',
      );
      const kept = new Map(counts.map((count) => [count.list_id, count.kept]));
      return rows.map((row) => listView(row, kept.get(row.listId) ?? 0, this.clock.nowMs()));
    });
  }

  private approval(body: WatchlistBody): Date {
    const nowMs = this.clock.nowMs();
    if (Date.parse(body.reviewBy) > nowMs) return new Date(nowMs);
    throw new ProblemError(400, 'bad-input', 'The input is not valid', {
      errors: [{ field: 'reviewBy', expected: 'a time to come' }],
    });
  }
}

/** A ground that some switched-on law does not know for people of a place cannot be documented for it. */
function refuseUncoverable(body: WatchlistBody, { privacy }: Policy): void {
  const errors = uncoverable(body, privacy).map(({ residence, decidedBy }) => ({
    field: residence === null ? 'unknownResidence' : 'residences',
    expected: `no ${residence ?? 'unknown residence'}: people there must have agreed themselves (${decidedBy.packId}, ${decidedBy.article})`,
  }));
  if (errors.length > 0) throw new ProblemError(400, 'bad-input', 'The input is not valid', { errors });
}

/** Held until the transaction ends, so that nothing is added to a list that is being closed. */
export async function lockOpenList(em: EntityManager, listId: WatchlistId): Promise<Watchlist> {
  const row = await em.findOne(Watchlist, { where: { listId }, lock: { mode: 'pessimistic_write' } });
  if (row === null) unknownList();
  if (row.closedAt !== null) throw new ProblemError(409, 'watchlist-closed', 'The watchlist is closed');
  return row;
}

async function refuseTakenName(em: EntityManager, name: string, except: WatchlistId | null): Promise<void> {
  const taken = await em.findOneBy(Watchlist, { name, closedAt: IsNull() });
  if (taken !== null && taken.listId !== except)
    throw new ProblemError(409, 'watchlist-exists', 'There is a watchlist of this name');
}

export function unknownList(): never {
  throw new ProblemError(404, 'unknown-watchlist', 'There is no such watchlist');
}
