import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { forgetLeases, lapsedLeases } from '../leases/process-lease.js';
import { closeLostCalls } from './lost-calls.js';

const lookMs = 1000;

/** Closes what lost processes held. Every process looks, so that it matters to nobody which one is lost. */
@Injectable()
export class LostProcesses implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Before the first call: nobody may have looked since the last process went. */
  async onApplicationBootstrap(): Promise<void> {
    await this.closeEverywhere();
    this.timer = setInterval(() => {
      this.looking ??= this.look()
        .catch((error: unknown) => {
          this.logger.error({ err: error }, 'calls of lost processes could not be closed');
        })
        .finally(() => {
          this.looking = null;
        });
    }, lookMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    const lapsed = await lapsedLeases(this.database);
    if (lapsed.length === 0) return;
    // One tenant's failure leaves the leases for the next look.
    if (await this.closeEverywhere()) await forgetLeases(this.database, lapsed);
  }

  private async closeEverywhere(): Promise<boolean> {
    let isDone = true;
    for (const tenantId of await this.database.listTenants()) {
      try {
        await this.close(tenantId);
      } catch (error) {
        isDone = false;
        this.logger.error({ err: error, tenantId }, 'calls of a lost process could not be closed');
      }
    }
    return isDone;
  }

  private async close(tenantId: TenantId): Promise<void> {
    const now = new Date(this.clock.nowMs());
    const lastEventId = await this.database.forTenant(tenantId, (em) => closeLostCalls(em, tenantId, now));
    if (lastEventId === null) return;
    this.logger.warn({ tenantId }, 'calls of a lost process were closed');
    await this.bus.publish({ kind: 'call-events', tenantId, lastEventId });
  }
}
