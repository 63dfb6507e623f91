import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { isLate, setBackMs } from '../../../core/privacy/retention-schedule.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';

export type Deleted = Readonly<Record<string, number>>;

export interface Run {
  readonly runId: string;
  readonly startedAt: string;
  /** Null: it is under way, or its process died; the next one goes on with what it left. */
  readonly finishedAt: string | null;
  readonly deleted: Deleted;
  /** Past their date and kept all the same, by a legal hold. */
  readonly held: number;
  /** Deleted later than two intervals after their date. */
  readonly late: number;
  /** By how much the clock was behind that of an earlier sweep. */
  readonly clockSetBackMs: number;
}

export interface BegunRun {
  readonly runId: string;
  readonly clockSetBackMs: number;
}

interface RunRow {
  readonly run_id: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly deleted: Deleted;
  readonly held: number;
  readonly late: number;
  readonly clock_set_back_ms: string;
}

/** The history of sweeps: what went when, and whether one was missed. */
@Injectable()
export class RetentionRuns {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async begin(tenantId: TenantId): Promise<BegunRun> {
    const nowMs = this.clock.nowMs();
    return this.database.forTenant(tenantId, async (em) => {
      const [newest]: { at: Date | null }[] = await em.query(
        'SELECT max(started_at) AS at FROM retention_runs',
      );
      const clockSetBackMs = setBackMs(newest?.at?.getTime() ?? null, nowMs);
      const runId = randomUUID();
      await em.query(
        `INSERT INTO retention_runs (run_id, tenant_id, started_at, deleted, held, late, clock_set_back_ms)
         VALUES ($1, $2, $3, '{}', 0, 0, $4)`,
        [runId, tenantId, new Date(nowMs), clockSetBackMs],
      );
      return { runId, clockSetBackMs };
    });
  }

  /** Of runs that did nothing only the newest is kept: the history is of what happened. */
  async finish(
    tenantId: TenantId,
    { runId }: BegunRun,
    { deleted, held, late }: Pick<Run, 'deleted' | 'held' | 'late'>,
  ): Promise<void> {
    const now = new Date(this.clock.nowMs());
    await this.database.forTenant(tenantId, async (em) => {
      await em.query(
        'UPDATE retention_runs SET finished_at = $2, deleted = $3, held = $4, late = $5 WHERE run_id = $1',
        [runId, now, deleted, held, late],
      );
      await em.query(
        `DELETE FROM retention_runs WHERE run_id <> $1 AND deleted = '{}' AND clock_set_back_ms = 0
           AND started_at < (SELECT max(started_at) FROM retention_runs)`,
        [runId],
      );
      if (Object.keys(deleted).length > 0)
        await recordFact(em, tenantId, now, {
          action: 'retention-swept',
          by: null,
          subject: { kind: 'retention-run', id: runId },
          details: { ...deleted, held, late },
        });
    });
  }

  /** Newest first. */
  async list(tenantId: TenantId, limit: number): Promise<Run[]> {
    const rows = await this.database.forTenant(tenantId, (em) =>
      em.query<RunRow[]>('SELECT * FROM retention_runs ORDER BY started_at DESC, run_id LIMIT $1', [limit]),
    );
    return rows.map((row) => ({
      runId: row.run_id,
      startedAt: row.started_at.toISOString(),
      finishedAt: row.finished_at?.toISOString() ?? null,
      deleted: row.deleted,
      held: row.held,
      late: row.late,
      clockSetBackMs: Number(row.clock_set_back_ms),
    }));
  }

  /** Whether no process has finished a sweep of this tenant within two intervals. */
  async isLate(tenantId: TenantId): Promise<boolean> {
    const [row]: { at: Date }[] = await this.database.forTenant(tenantId, (em) =>
      em.query(
        `SELECT coalesce((SELECT max(finished_at) FROM retention_runs), created_at) AS at FROM tenants WHERE tenant_id = $1`,
        [tenantId],
      ),
    );
    return row !== undefined && isLate(row.at.getTime(), this.clock.nowMs(), this.config.sweepIntervalMs);
  }
}
