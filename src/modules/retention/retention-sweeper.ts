import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../core/clock.js';
import type { TenantId } from '../../core/ids.js';
import { CLOCK } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../platform/event-bus/event-bus.port.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { Customer } from '../customers/customer.entity.js';
import { PoliciesService } from '../policies/policies.service.js';
import { redateVoiceprints } from '../voiceprints/redate.js';
import { endDueEntries } from '../watchlists/entry-store.js';
import { endDue, lockOutliving, type BatchResult, type Ended } from './due.js';
import { RetentionMetrics } from './retention-metrics.js';

export interface SweepResult {
  readonly voiceprints: number;
  readonly stretches: number;
  /** Tenants left out because another process is sweeping just now. */
  readonly busy: number;
  /** Tenants whose sweep failed; the next one tries again. */
  readonly failed: number;
}

const BATCH = 100;

/** Destroys what is past its date: when Timbre starts, then at every interval. What a crash leaves undone the next sweep finds. */
@Injectable()
export class RetentionSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<SweepResult> | undefined;
  readonly #shortenedTo = new Map<TenantId, number>();
  #stopping = false;

  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly metrics: RetentionMetrics,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const sweep = (): void => {
      this.sweepNow().catch((error: unknown) => {
        this.metrics.failed();
        this.logger.error({ err: error }, 'retention sweep failed');
      });
    };
    sweep();
    this.#timer = setInterval(() => {
      if (this.#running === undefined) sweep();
    }, this.config.sweepIntervalMs);
    this.#timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await this.#running?.catch(() => undefined);
  }

  /** One sweep of all tenants. Asked while one is running it starts another one after that: what fell due meanwhile is found. */
  async sweepNow(): Promise<SweepResult> {
    while (this.#running) await this.#running.catch(() => undefined);
    const running = this.#sweepAll();
    this.#running = running;
    try {
      return await running;
    } finally {
      this.#running = undefined;
    }
  }

  async #sweepAll(): Promise<SweepResult> {
    let total: SweepResult = { voiceprints: 0, stretches: 0, busy: 0, failed: 0 };
    for (const tenantId of await this.database.listTenants()) {
      if (this.#stopping) return total;
      try {
        total = add(total, await this.#sweepTenant(tenantId));
      } catch (error) {
        // One tenant's trouble must not keep another's voiceprints past their date.
        this.metrics.failed();
        this.logger.error({ err: error, tenantId }, 'retention sweep of a tenant failed');
        total = add(total, { failed: 1 });
      }
    }
    this.metrics.finished(this.clock.nowMs());
    return total;
  }

  async #sweepTenant(tenantId: TenantId): Promise<Partial<SweepResult>> {
    let total: SweepResult = { voiceprints: 0, stretches: 0, busy: 0, failed: 0 };
    if ((await this.#shorten(tenantId)) === 'busy') return add(total, { busy: 1 });
    if ((await this.#sweepWatchlists(tenantId)) === 'busy') return add(total, { busy: 1 });
    for (;;) {
      const batch = await this.database.forTenant(tenantId, (em) => this.#batch(em));
      if (batch === 'busy') return add(total, { busy: 1 });
      await this.#tell(tenantId, batch);
      total = add(total, { voiceprints: batch.voiceprints.length, stretches: batch.stretches.length });
      if (batch.customers < BATCH || this.#stopping) return total;
    }
  }

  /** Once for each version of the policy: a stricter one reaches the voiceprints that are there already. */
  async #shorten(tenantId: TenantId): Promise<'done' | 'busy'> {
    const policy = await this.policies.current(tenantId);
    while (this.#shortenedTo.get(tenantId) !== policy.version) {
      const found = await this.database.forTenant(tenantId, async (em) => {
        if (!(await isOnlySweeper(em))) return undefined;
        const { voiceprintDaysAfterLastInteraction } = policy.retention;
        const outliving = await lockOutliving(em, voiceprintDaysAfterLastInteraction, BATCH);
        for (const customerId of outliving) {
          const customer = await em.findOneByOrFail(Customer, { customerId });
          await redateVoiceprints(em, customer, policy, this.clock.nowMs());
        }
        return outliving.length;
      });
      if (found === undefined) return 'busy';
      if (found < BATCH) this.#shortenedTo.set(tenantId, policy.version);
    }
    return 'done';
  }

  async #batch(em: EntityManager): Promise<BatchResult | 'busy'> {
    if (!(await isOnlySweeper(em))) return 'busy';
    const nowMs = this.clock.nowMs();
    await em.query('DELETE FROM call_handovers WHERE expires_at <= $1', [new Date(nowMs)]);
    return endDue(em, nowMs, BATCH);
  }

  /** Listed voices past their date: nobody's customers, so apart from what follows a customer. */
  async #sweepWatchlists(tenantId: TenantId): Promise<'done' | 'busy'> {
    for (;;) {
      const nowMs = this.clock.nowMs();
      const ended = await this.database.forTenant(tenantId, async (em) =>
        (await isOnlySweeper(em)) ? endDueEntries(em, nowMs, BATCH) : undefined,
      );
      if (ended === undefined) return 'busy';
      const lateByMs = ended.map(({ dueAtMs }) => nowMs - dueAtMs);
      this.metrics.swept('watchlist-entry', lateByMs, 2 * this.config.sweepIntervalMs);
      for (const { listId, entryId } of ended)
        await this.bus.publish({ kind: 'watchlist-changed', tenantId, listId, entryId });
      if (ended.length < BATCH || this.#stopping) return 'done';
    }
  }

  async #tell(tenantId: TenantId, { voiceprints, stretches }: BatchResult): Promise<void> {
    const nowMs = this.clock.nowMs();
    const late = (ended: readonly Ended[]): number[] => ended.map(({ dueAtMs }) => nowMs - dueAtMs);
    const toleratedMs = 2 * this.config.sweepIntervalMs;
    this.metrics.swept('voiceprint', late(voiceprints), toleratedMs);
    this.metrics.swept('enrolment-stretch', late(stretches), toleratedMs);
    for (const customerId of new Set(voiceprints.map((ended) => ended.customerId))) {
      await this.bus.publish({
        kind: 'customer-changed',
        tenantId,
        customerId,
        change: 'voiceprint-expired',
      });
    }
  }
}

/** Held until the transaction ends: across all processes one batch is swept at a time. */
async function isOnlySweeper(em: EntityManager): Promise<boolean> {
  const [lock] = await em.query<{ got: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('timbre retention sweep', 0)) AS got`,
  );
  return lock?.got === true;
}

function add(left: SweepResult, right: Partial<SweepResult>): SweepResult {
  return {
    voiceprints: left.voiceprints + (right.voiceprints ?? 0),
    stretches: left.stretches + (right.stretches ?? 0),
    busy: left.busy + (right.busy ?? 0),
    failed: left.failed + (right.failed ?? 0),
  };
}
