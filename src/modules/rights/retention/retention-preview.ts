import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { Ruling } from '../../../core/privacy/packs/pack.js';
import { dayMs } from '../../../core/privacy/packs/period.js';
import type { Due } from '../../../core/privacy/retention-schedule.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { STORED_TABLES, type StoredTable } from '../../../platform/database/stored-table.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { findDue, retainedKinds, type Cursor, type FoundRow, type RetainedKind } from './retained-rows.js';

export interface PreviewRow {
  readonly kind: string;
  readonly id: string;
  readonly customerId: CustomerId | null;
  readonly dueAt: string;
  readonly reason: Due['reason'];
  readonly decidedBy: Ruling;
  /** A legal hold keeps it for now. */
  readonly held: boolean;
}

export interface Preview {
  readonly asOf: string;
  readonly until: string;
  readonly counts: Readonly<Record<string, { readonly due: number; readonly held: number }>>;
  /** Counting stopped there: there are more. */
  readonly countedAtMost: number;
  /** The first of each kind, earliest first. */
  readonly rows: readonly PreviewRow[];
}

const pageSize = 500;
const counted = 10_000;

/** What would go, asked of the same rules and queries that the sweeper goes by. */
@Injectable()
export class RetentionPreview {
  private readonly kinds: readonly RetainedKind[];

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(STORED_TABLES) tables: readonly StoredTable[],
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.kinds = retainedKinds(tables);
  }

  async preview(tenantId: TenantId, days: number, listed: number): Promise<Preview> {
    const policy = await this.policies.current(tenantId);
    const nowMs = this.clock.nowMs();
    const horizonMs = nowMs + days * dayMs;
    return this.database.forTenant(tenantId, async (em) => {
      const found: [string, FoundRow[]][] = [];
      for (const kind of this.kinds)
        found.push([kind.kind, await allDue(em, kind, policy, horizonMs, nowMs)]);
      const counts = found.map(([kind, rows]) => {
        const held = rows.filter((row) => row.held).length;
        return [kind, { due: rows.length - held, held }] as const;
      });
      const rows = found
        .flatMap(([kind, of]) => of.slice(0, listed).flatMap((row) => toRow(kind, row)))
        .sort((left, right) => left.dueAt.localeCompare(right.dueAt));
      return {
        asOf: new Date(nowMs).toISOString(),
        until: new Date(horizonMs).toISOString(),
        counts: Object.fromEntries(counts),
        countedAtMost: counted,
        rows,
      };
    });
  }
}

async function allDue(
  em: EntityManager,
  kind: RetainedKind,
  policy: Policy,
  horizonMs: number,
  nowMs: number,
): Promise<FoundRow[]> {
  const rows: FoundRow[] = [];
  let after: Cursor | null = null;
  do {
    const page = await findDue(em, kind, policy, { horizonMs, nowMs, after, limit: pageSize });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null && rows.length < counted);
  return rows;
}

function toRow(kind: string, { id, customerId, due, held }: FoundRow): PreviewRow[] {
  if (due === null) return [];
  const { atMs, reason, decidedBy } = due;
  return [{ kind, id, customerId, dueAt: new Date(atMs).toISOString(), reason, decidedBy, held }];
}
