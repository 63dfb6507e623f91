import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Clock } from '../../core/clock.js';
import { CLOCK } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { SelfServiceLink } from './self-service-link.entity.js';
import { SelfServiceSession } from './self-service-session.entity.js';

/** Deletes links and visits that are over: that somebody was here is in the audit log, and nothing else needs them. */
@Injectable()
export class SelfServiceSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running = this.sweepNow().catch((error: unknown) => {
        this.logger.error({ err: error }, 'self-service sweep failed');
      });
    }, this.config.sweepIntervalMs);
    this.#timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async sweepNow(): Promise<void> {
    const now = new Date(this.clock.nowMs());
    for (const tenantId of await this.database.listTenants()) {
      await this.database.forTenant(tenantId, async (em) => {
        await em.delete(SelfServiceLink, { expiresAt: LessThanOrEqual(now) });
        await em.delete(SelfServiceSession, { idleEndsAt: LessThanOrEqual(now) });
      });
    }
  }
}
