import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { STORED_TABLES, type StoredTable } from '../../../platform/database/stored-table.js';
import { isOnlySweeper } from './sweep-lock.js';
import { findDue, retainedKinds, type Cursor, type RetainedKind } from './retained-rows.js';

export interface SweptRecords {
  readonly kind: string;
  /** By how much each was past its date. */
  readonly lateByMs: readonly number[];
  readonly held: number;
}

const batch = 200;

/** Rows other than voices: calls, flags, what is left of ended things, customers of whom nothing is left. */
@Injectable()
export class RecordSweep {
  /** The others are ended where they are made. */
  private readonly kinds: readonly RetainedKind[];

  constructor(
    private readonly database: Database,
    @Inject(STORED_TABLES) tables: readonly StoredTable[],
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.kinds = retainedKinds(tables).filter(({ removal }) => removal !== null);
  }

  /** Page by page, each in a transaction of its own: what a crash leaves undone the next sweep finds. Ends early on `busy`. */
  async *sweep(
    tenantId: TenantId,
    policy: Policy,
    isStopping: () => boolean,
  ): AsyncGenerator<SweptRecords | 'busy'> {
    for (const kind of this.kinds) {
      let after: Cursor | null = null;
      do {
        if (isStopping()) return;
        const page = await this.page(tenantId, kind, policy, after);
        if (page === 'busy') {
          yield page;
          return;
        }
        yield page.swept;
        after = page.next;
      } while (after !== null);
    }
  }

  private page(
    tenantId: TenantId,
    kind: RetainedKind,
    policy: Policy,
    after: Cursor | null,
  ): Promise<{ readonly swept: SweptRecords; readonly next: Cursor | null } | 'busy'> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await isOnlySweeper(em))) return 'busy';
      const nowMs = this.clock.nowMs();
      const { rows, next } = await findDue(em, kind, policy, {
        horizonMs: nowMs,
        nowMs,
        after,
        limit: batch,
      });
      const due = rows.filter(({ held }) => !held);
      const ids = due.map(({ id }) => id);
      if (ids.length > 0) for (const sql of kind.removal ?? []) await em.query(sql, [ids]);
      const lateByMs = due.map((row) => nowMs - (row.due?.atMs ?? nowMs));
      return { swept: { kind: kind.kind, lateByMs, held: rows.length - due.length }, next };
    });
  }
}
