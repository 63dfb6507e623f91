import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ProcessId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';

const renewMs = 2000;
/** Two renewals may fail or come late before others take this process for lost. */
const leaseMs = 6000;

/** Of a process that was taken for lost and is back under a new id. */
export interface Replaced {
  readonly former: ProcessId;
  readonly current: ProcessId;
}

/**
 * This process's sign of life, a row that it renews and that lapses by the database's clock alone. A lapsed lease is never
 * renewed: a process that comes back after a stall takes a new one, and first takes back the calls that it still has.
 */
@Injectable()
export class ProcessLease implements OnModuleInit, BeforeApplicationShutdown {
  private current = randomUUID() as ProcessId;
  /** By this process's steady clock, counted from before the renewal was asked for. */
  private sureUntilMs = Number.NEGATIVE_INFINITY;
  private renewing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private takeBack: (replaced: Replaced) => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.take(this.current);
    this.timer = setInterval(() => {
      this.renew().catch((error: unknown) => {
        this.logger.error({ err: error }, 'the lease of this process could not be renewed');
      });
    }, renewMs);
    this.timer.unref();
  }

  /** What is still live is found by others at once. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing?.catch(() => undefined);
    const { current } = this;
    this.sureUntilMs = Number.NEGATIVE_INFINITY;
    await this.database.forEverybody((em) =>
      em.query('UPDATE process_leases SET expires_at = clock_timestamp() WHERE process_id = $1', [current]),
    );
  }

  get id(): ProcessId {
    return this.current;
  }

  /** False after a stall or a while without the database: others may have closed what this process has. */
  get isSure(): boolean {
    return performance.now() < this.sureUntilMs;
  }

  /** `work` is done before the new lease counts: whoever waits for `renew` comes after it. */
  onReplaced(work: (replaced: Replaced) => Promise<void>): void {
    this.takeBack = work;
  }

  /** Resolves when this process has a lease, the old one or a new one. */
  renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async renewOnce(): Promise<void> {
    const askedMs = performance.now();
    const [, renewed] = await this.database.forEverybody((em) =>
      em.query<[unknown, number]>(
        `UPDATE process_leases SET expires_at = clock_timestamp() + make_interval(secs => $2)
         WHERE process_id = $1 AND expires_at > clock_timestamp()`,
        [this.current, leaseMs / 1000],
      ),
    );
    if (renewed === 1) {
      this.sureUntilMs = askedMs + leaseMs;
      return;
    }
    const former = this.current;
    const current = randomUUID() as ProcessId;
    this.logger.warn({ former, current }, 'this process was taken for lost: it takes a new lease');
    await this.take(current, () => this.takeBack({ former, current }));
  }

  private async take(processId: ProcessId, before?: () => Promise<void>): Promise<void> {
    const askedMs = performance.now();
    await this.database.forEverybody((em) =>
      em.query(
        `INSERT INTO process_leases (process_id, expires_at)
         VALUES ($1, clock_timestamp() + make_interval(secs => $2))`,
        [processId, leaseMs / 1000],
      ),
    );
    await before?.();
    this.current = processId;
    this.sureUntilMs = askedMs + leaseMs;
  }
}

/** Whether the process may speak for its calls, asked within the transaction in which it does. */
export async function isLeaseHeld(em: EntityManager, processId: ProcessId): Promise<boolean> {
  const rows = await em.query<unknown[]>(
    'SELECT 1 FROM process_leases WHERE process_id = $1 AND expires_at > clock_timestamp()',
    [processId],
  );
  return rows.length === 1;
}

/** Leases that lapsed: what these processes held may still be live. */
export function lapsedLeases(database: Database): Promise<ProcessId[]> {
  return database.forEverybody(async (em) => {
    const rows = await em.query<{ process_id: ProcessId }[]>(
      'SELECT process_id FROM process_leases WHERE expires_at <= clock_timestamp()',
    );
    return rows.map(({ process_id }) => process_id);
  });
}

/** Nothing of these processes is live any more. */
export async function forgetLeases(database: Database, processIds: readonly ProcessId[]): Promise<void> {
  await database.forEverybody((em) =>
    em.query('DELETE FROM process_leases WHERE process_id = ANY($1)', [processIds]),
  );
}
