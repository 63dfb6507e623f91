import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { isOnlySweeper } from './sweep-lock.js';
import { recordKinds, removeRows, type RecordKind } from './remove-rows.js';
import { findDue, type Cursor } from './retained-rows.js';

export interface SweptRecords {
  readonly kind: RecordKind;
  /** By how much each was past its date. */
  readonly lateByMs: readonly number[];
  readonly held: number;
}

const batch = 200;

/** Rows other than voices: calls, flags, what is left of ended things, customers of whom nothing is left. */
@Injectable()
export class RecordSweep {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Page by page, each in a transaction of its own: what a crash leaves undone the next sweep finds. Ends early on `busy`. */
  async *sweep(
    tenantId: TenantId,
    policy: Policy,
    isStopping: () => boolean,
  ): AsyncGenerator<SweptRecords | 'busy'> {
    for (const kind of recordKinds) {
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
    kind: RecordKind,
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
      if (due.length > 0)
        await removeRows(
          em,
          kind,
          due.map(({ id }) => id),
        );
      const lateByMs = due.map((row) => nowMs - (row.due?.atMs ?? nowMs));
      return { swept: { kind, lateByMs, held: rows.length - due.length }, next };
    });
  }
}
