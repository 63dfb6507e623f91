import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { TenantRounds } from '../../../platform/tenant-rounds.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { endDueEntries } from '../../fraud/watchlists/entry-store.js';
import { endDue, type BatchResult, type Ended } from './due.js';
import { RecordSweep } from './record-sweep.js';
import { Redating } from './redating.js';
import { RetentionMetrics } from './retention-metrics.js';
import { RetentionRuns } from './retention-runs.js';
import { isOnlySweeper } from './sweep-lock.js';

export interface SweepResult {
  readonly voiceprints: number;
  readonly stretches: number;
  /** Tenants left out because another process is sweeping just now. */
  readonly busy: number;
  /** Tenants whose sweep failed; the next one tries again. */
  readonly failed: number;
}

interface SweepSum {
  result: SweepResult;
}

/** What one sweep of a tenant has done so far. */
interface Tally {
  readonly deleted: Record<string, number>;
  held: number;
  late: number;
}

const batchSize = 100;
const nothing: SweepResult = { voiceprints: 0, stretches: 0, busy: 0, failed: 0 };

/** Destroys what is past its date: when Timbre starts, then at every interval. What a crash leaves undone the next sweep finds. */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: TenantRounds<SweepSum>;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly redating: Redating,
    private readonly records: RecordSweep,
    private readonly runs: RetentionRuns,
    private readonly metrics: RetentionMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new TenantRounds<SweepSum>(database, {
      begin: () => ({ result: nothing }),
      look: async (tenantId, sum) => {
        sum.result = add(sum.result, await this.sweepTenant(tenantId));
      },
      failed: (error, tenantId, sum) => {
        this.metrics.failed();
        this.logger.error({ err: error, tenantId }, 'retention sweep failed');
        if (sum !== undefined) sum.result = add(sum.result, { failed: 1 });
      },
      end: () => {
        this.metrics.finished(this.clock.nowMs());
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start(this.config.sweepIntervalMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  /** One sweep of all tenants. */
  async sweepNow(): Promise<SweepResult> {
    return (await this.rounds.now()).result;
  }

  private async sweepTenant(tenantId: TenantId): Promise<Partial<SweepResult>> {
    const policy = await this.policies.current(tenantId);
    if ((await this.redating.redate(tenantId, policy)) === 'busy') return { busy: 1 };
    const run = await this.runs.begin(tenantId);
    if (run.clockSetBackMs > 0)
      this.logger.error(
        { tenantId, clockSetBackMs: run.clockSetBackMs },
        'the clock is behind that of an earlier retention sweep: nothing goes before its date by this clock',
      );
    this.metrics.clockSetBack(run.clockSetBackMs);
    const tally: Tally = { deleted: {}, held: 0, late: 0 };
    const result = await this.sweepKinds(tenantId, tally);
    if (result.busy === 0 && !this.rounds.isStopping) await this.runs.finish(tenantId, run, tally);
    this.metrics.held(tenantId, tally.held);
    return result;
  }

  private async sweepKinds(tenantId: TenantId, tally: Tally): Promise<SweepResult> {
    if ((await this.sweepWatchlists(tenantId, tally)) === 'busy') return { ...nothing, busy: 1 };
    const voices = await this.sweepVoices(tenantId, tally);
    if (voices.busy > 0 || this.rounds.isStopping) return voices;
    const policy = await this.policies.current(tenantId);
    for await (const swept of this.records.sweep(tenantId, policy, () => this.rounds.isStopping)) {
      if (swept === 'busy') return { ...voices, busy: 1 };
      this.count(tally, swept.kind, swept.lateByMs);
      tally.held += swept.held;
    }
    return voices;
  }

  private async sweepVoices(tenantId: TenantId, tally: Tally): Promise<SweepResult> {
    let total = nothing;
    for (;;) {
      const batch = await this.database.forTenant(tenantId, (em) => this.batch(em, tenantId));
      if (batch === 'busy') return add(total, { busy: 1 });
      this.tally(batch, tally);
      total = add(total, { voiceprints: batch.voiceprints.length, stretches: batch.stretches.length });
      if (batch.customers < batchSize || this.rounds.isStopping) return total;
    }
  }

  private async batch(em: EntityManager, tenantId: TenantId): Promise<BatchResult | 'busy'> {
    if (!(await isOnlySweeper(em))) return 'busy';
    const nowMs = this.clock.nowMs();
    await em.query('DELETE FROM call_handovers WHERE expires_at <= $1', [new Date(nowMs)]);
    const ended = await endDue(em, nowMs, batchSize);
    await recordFact(
      em,
      tenantId,
      new Date(nowMs),
      ...[...new Set(ended.voiceprints.map(({ customerId }) => customerId))].map((id) => ({
        action: 'voiceprint-expired' as const,
        by: null,
        subject: { kind: 'customer' as const, id },
      })),
    );
    return ended;
  }

  /** Listed voices past their date: nobody's customers, so apart from what follows a customer. */
  private async sweepWatchlists(tenantId: TenantId, tally: Tally): Promise<'done' | 'busy'> {
    for (;;) {
      const nowMs = this.clock.nowMs();
      const ended = await this.database.forTenant(tenantId, async (em) => {
        if (!(await isOnlySweeper(em))) return undefined;
        const due = await endDueEntries(em, nowMs, batchSize);
        await recordFact(
          em,
          tenantId,
          new Date(nowMs),
          ...due.map(({ listId, entryId }) => ({
            action: 'watchlist-entry-expired' as const,
            by: null,
            subject: { kind: 'watchlist-entry' as const, id: entryId },
            details: { listId },
          })),
        );
        return due;
      });
      if (ended === undefined) return 'busy';
      this.count(
        tally,
        'watchlist-entry',
        ended.map(({ dueAtMs }) => nowMs - dueAtMs),
      );
      if (ended.length < batchSize || this.rounds.isStopping) return 'done';
    }
  }

  private tally({ voiceprints, stretches, held, restricted }: BatchResult, tally: Tally): void {
    const nowMs = this.clock.nowMs();
    const late = (ended: readonly Ended[]): number[] => ended.map(({ dueAtMs }) => nowMs - dueAtMs);
    this.count(tally, 'voiceprint', late(voiceprints));
    this.count(tally, 'enrolment-stretch', late(stretches));
    this.count(tally, 'held-enrolment', late(held));
    tally.held = Math.max(tally.held, restricted);
  }

  private count(tally: Tally, kind: string, lateByMs: readonly number[]): void {
    if (lateByMs.length === 0) return;
    const toleratedMs = 2 * this.config.sweepIntervalMs;
    tally.deleted[kind] = (tally.deleted[kind] ?? 0) + lateByMs.length;
    tally.late += lateByMs.filter((ms) => ms > toleratedMs).length;
    this.metrics.swept(kind, lateByMs, toleratedMs);
  }
}

function add(left: SweepResult, right: Partial<SweepResult>): SweepResult {
  return {
    voiceprints: left.voiceprints + (right.voiceprints ?? 0),
    stretches: left.stretches + (right.stretches ?? 0),
    busy: left.busy + (right.busy ?? 0),
    failed: left.failed + (right.failed ?? 0),
  };
}
