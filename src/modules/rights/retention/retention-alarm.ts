import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { TenantId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { Readiness } from '../../../platform/health/readiness.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { RetentionMetrics } from './retention-metrics.js';
import { RetentionRuns } from './retention-runs.js';

/** Says so when a sweep was missed, by whatever process: in the log, as a metric and in the health report. Calls go on. */
@Injectable()
export class RetentionAlarm implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private late: readonly TenantId[] = [];

  constructor(
    private readonly database: Database,
    private readonly runs: RetentionRuns,
    private readonly metrics: RetentionMetrics,
    private readonly readiness: Readiness,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.readiness.warnOf('retention-late', () => this.late.length > 0);
    this.timer = setInterval(() => {
      this.look().catch((error: unknown) => {
        this.logger.error({ err: error }, 'whether retention sweeps are late could not be told');
      });
    }, this.config.sweepIntervalMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async look(): Promise<readonly TenantId[]> {
    const late: TenantId[] = [];
    for (const tenantId of await this.database.listTenants())
      if (await this.runs.isLate(tenantId)) late.push(tenantId);
    for (const tenantId of late) this.logger.error({ tenantId }, 'retention is late: a sweep was missed');
    this.metrics.lateTenants(late.length);
    this.late = late;
    return late;
  }
}
