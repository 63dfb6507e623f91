import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { TenantId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { customerEffect } from '../facts/effects.js';
import type { StoredFact } from '../facts/fact.js';
import { FactFeed } from '../facts/fact-feed.js';
import { KeyMetrics } from './key-metrics.js';
import { KeyRenewal, total } from './key-renewal.js';
import { TenantRotation } from './tenant-rotation.js';

/** Keeps keys as they should be: when Timbre starts, at every sweep interval, and when something happens to them. */
@Injectable()
export class KeyUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly wanted = new Set<TenantId>();
  private listing: Promise<void> | undefined;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: (() => void) | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly renewal: KeyRenewal,
    private readonly rotation: TenantRotation,
    private readonly metrics: KeyMetrics,
    private readonly feed: FactFeed,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    // What is to be done stands in the rows: whoever missed a fact, or was killed, finds it when it starts.
    this.unsubscribe = this.feed.subscribe('key upkeep', (facts) => {
      const fact = facts.find(endsKeys);
      if (fact !== undefined) this.want(fact.tenantId);
    });
    this.timer = setInterval(() => {
      this.wantAll();
    }, this.config.sweepIntervalMs);
    this.timer.unref();
    this.wantAll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    this.unsubscribe?.();
    await this.listing;
    await this.working;
  }

  /** Resolves when what is known to be wanted now is done. */
  async idle(): Promise<void> {
    await this.listing;
    while (this.working) await this.working;
  }

  private wantAll(): void {
    this.listing = this.database.listTenants().then(
      (tenants) => {
        for (const tenantId of tenants) this.want(tenantId);
      },
      (error: unknown) => {
        this.logger.error({ err: error }, 'keys could not be looked after');
      },
    );
  }

  private want(tenantId: TenantId): void {
    if (this.stopping) return;
    this.wanted.add(tenantId);
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      const [next] = this.wanted;
      if (next !== undefined) this.want(next);
    });
  }

  private async work(): Promise<void> {
    // What happens to several keys at once is seen to at once.
    await new Promise((resolve) => setImmediate(resolve));
    for (const tenantId of this.wanted) {
      this.wanted.delete(tenantId);
      try {
        await this.renewal.destroyEndedShares(tenantId);
        await this.count(tenantId);
        await this.rotation.advance(tenantId, (renewed) => {
          this.metrics.renewed(tenantId, renewed);
          return !this.stopping;
        });
        await this.count(tenantId);
      } catch (error) {
        this.logger.error({ err: error, tenantId }, 'keys of a tenant could not be looked after');
      }
      if (this.stopping) return;
    }
  }

  private async count(tenantId: TenantId): Promise<void> {
    this.metrics.counted(tenantId, total(await this.renewal.outstanding(tenantId)));
  }
}

/** Whether halves of keys may have to go, or a rotation began. */
function endsKeys(fact: StoredFact): boolean {
  const effect = customerEffect(fact)?.effect;
  if (effect !== undefined) return effect !== 'begins';
  switch (fact.action) {
    case 'watchlist-closed':
    case 'watchlist-entry-erased':
    case 'watchlist-entry-expired':
    case 'tenant-key-rotation-begun':
      return true;
    default:
      return false;
  }
}
