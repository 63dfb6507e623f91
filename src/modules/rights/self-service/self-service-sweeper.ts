import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { RepeatedWork } from '../../../platform/repeated-work.js';
import { SelfServiceLink } from './self-service-link.entity.js';
import { SelfServiceSession } from './self-service-session.entity.js';

/** Deletes links and visits that are over: that somebody was here is in the audit log, and nothing else needs them. */
@Injectable()
export class SelfServiceSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly work = new RepeatedWork(
    () => this.sweepAll(),
    (error) => {
      this.logger.error({ err: error }, 'self-service sweep failed');
    },
  );

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start(this.config.sweepIntervalMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.work.stop();
  }

  sweepNow(): Promise<void> {
    return this.work.now();
  }

  private async sweepAll(): Promise<void> {
    const now = new Date(this.clock.nowMs());
    for (const tenantId of await this.database.listTenants()) {
      await this.database.forTenant(tenantId, async (em) => {
        await em.delete(SelfServiceLink, { expiresAt: LessThanOrEqual(now) });
        await em.delete(SelfServiceSession, { idleEndsAt: LessThanOrEqual(now) });
      });
    }
  }
}
