import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { answerStanding, remindersDue } from '../../../core/privacy/requests/reminders.js';
import { dayMs } from '../../../core/privacy/retention.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { TenantRounds } from '../../../platform/tenant-rounds.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { factsOf } from './request-facts.js';
import { RequestMetrics, type OpenCounts } from './request-metrics.js';
import { RightsRequest } from './request.entity.js';

/** Looks at the clocks of open requests when Timbre starts and then at every interval. What a crash leaves out the next look finds. */
@Injectable()
export class RequestReminders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: TenantRounds<OpenCounts>;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly metrics: RequestMetrics,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new TenantRounds(database, {
      begin: (): OpenCounts => new Map(),
      look: (tenantId, counts) => this.lookAt(tenantId, counts),
      failed: (error, tenantId) => {
        this.metrics.failed();
        this.logger.error({ err: error, tenantId }, 'the clocks of requests could not be looked at');
      },
      end: (counts) => {
        this.metrics.counted(counts);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start(this.config.sweepIntervalMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  async lookNow(): Promise<void> {
    await this.rounds.now();
  }

  private async lookAt(tenantId: TenantId, counts: OpenCounts): Promise<void> {
    const remindBeforeMs = (await this.policies.current(tenantId)).requests.remindDaysBefore * dayMs;
    await this.database.forTenant(tenantId, async (em) => {
      // One process at a time reminds; the others wait and then find nothing left to say.
      await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `timbre requests ${tenantId}`,
      ]);
      const open = await em.findBy(RightsRequest, { tenantId, answeredAt: IsNull() });
      const nowMs = this.clock.nowMs();
      for (const row of open) {
        const standing = answerStanding(factsOf(row), remindBeforeMs, nowMs);
        if (standing === 'answered') continue;
        const counted = `${row.kind} ${standing}` as const;
        counts.set(counted, (counts.get(counted) ?? 0) + 1);
        await this.remind(em, row, remindBeforeMs, nowMs);
      }
    });
  }

  private async remind(
    em: EntityManager,
    row: RightsRequest,
    remindBeforeMs: number,
    nowMs: number,
  ): Promise<void> {
    const due = remindersDue(factsOf(row), row.reminded, remindBeforeMs, nowMs);
    if (due.length === 0) return;
    const { requestId, tenantId, customerId, kind } = row;
    // Beside a step that is just being taken: a reminder changes nothing but that it was given.
    await em.query('UPDATE requests SET reminded = reminded || $2 WHERE request_id = $1', [requestId, due]);
    await recordFact(
      em,
      tenantId,
      new Date(nowMs),
      ...due.map((reminder) => ({
        ...({ action: 'request-reminder', by: null, subject: { kind: 'request', id: requestId } } as const),
        details: { reminder, customerId, kind, dueAt: row.dueAt.toISOString() },
      })),
    );
    for (const reminder of due) this.metrics.reminded(reminder);
  }
}
