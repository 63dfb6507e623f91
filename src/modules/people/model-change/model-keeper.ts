import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { dayMs } from '../../../core/privacy/retention.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { TenantRounds } from '../../../platform/tenant-rounds.js';
import { markServed } from '../../installation/models/served-model.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { ModelMetrics } from './model-metrics.js';
import { activeByModel, type ActiveOfModel } from './model-progress.js';
import { dateRetired, redateReturned } from './retirement.js';

/** A process that has said nothing for this many intervals is gone. */
const silentIntervals = 3;
const batch = 100;

/** Says at every interval which models this process serves, and gives voiceprints of models that none serves their last date. */
@Injectable()
export class ModelKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: TenantRounds<ActiveOfModel[]>;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly metrics: ModelMetrics,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new TenantRounds(database, {
      begin: (): ActiveOfModel[] => [],
      look: async (tenantId, active) => {
        active.push(...(await this.lookAt(tenantId)));
      },
      failed: (error, tenantId) => {
        this.logger.error({ err: error, tenantId }, 'the models in use could not be looked at');
      },
      end: (active) => {
        this.metrics.show(active, this.engine.models);
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start(this.config.sweepIntervalMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  /** One look at all tenants. */
  async look(): Promise<void> {
    await this.rounds.now();
  }

  private async lookAt(tenantId: TenantId): Promise<ActiveOfModel[]> {
    const { models } = this.engine;
    const nowMs = this.clock.nowMs();
    const policy = await this.policies.current(tenantId);
    const dated = await this.database.forTenant(tenantId, async (em) => {
      await markServed(em, tenantId, models, nowMs);
      const unservedSinceMs = nowMs - silentIntervals * this.config.sweepIntervalMs;
      return dateRetired(em, unservedSinceMs, nowMs + this.config.retiredModelDays * dayMs);
    });
    if (dated > 0)
      this.logger.warn({ tenantId, voiceprints: dated }, 'voiceprints of models that no process serves');
    for (let returned = batch; returned === batch;) {
      returned = await this.database.forTenant(tenantId, (em) =>
        redateReturned(em, models, policy, nowMs, batch),
      );
    }
    return this.database.forTenant(tenantId, (em) => activeByModel(em));
  }
}
