import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { TenantRounds } from '../../../platform/tenant-rounds.js';
import { SelfServiceLink } from './self-service-link.entity.js';
import { SelfServiceSession } from './self-service-session.entity.js';

/** Deletes links and visits that are over: that somebody was here is in the audit log, and nothing else needs them. */
@Injectable()
export class SelfServiceSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rounds: TenantRounds<void>;

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.rounds = new TenantRounds(database, {
      begin: () => undefined,
      look: (tenantId) => this.sweep(tenantId),
      failed: (error, tenantId) => {
        this.logger.error({ err: error, tenantId }, 'self-service sweep failed');
      },
    });
  }

  onApplicationBootstrap(): void {
    this.rounds.start(this.config.sweepIntervalMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  sweepNow(): Promise<void> {
    return this.rounds.now();
  }

  private async sweep(tenantId: TenantId): Promise<void> {
    const now = new Date(this.clock.nowMs());
    await this.database.forTenant(tenantId, async (em) => {
      await em.delete(SelfServiceLink, { expiresAt: LessThanOrEqual(now) });
      await em.delete(SelfServiceSession, { idleEndsAt: LessThanOrEqual(now) });
    });
  }
}
