import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { EVENT_BUS, type EventBus } from '../../../platform/event-bus/event-bus.port.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import type { StoredFact } from './fact.js';
import { FactReader, type FactHandler } from './fact-reader.js';
import { readChain, toFact } from './stored-facts.js';
import { within } from './within.js';

/** How often it looks by itself: a wake-up that was lost, a listener that stalled or a pooler costs no more than this. */
const lookEveryMs = 300;
/** The law wants a withdrawal to work within a second: who has not been able to look for this long acts as if there were one. */
const blindAfterMs = 1000;
/** A connection that stalled gives no answer, and no error either. */
const answerWithinMs = 2000;
const batch = 500;

/**
 * Reads what happens, on whichever process it was done, and hands it to this process's readers in the order of each tenant's
 * chain: all of it that was committed after Timbre started here, once to each reader that does not fail. What a reader keeps in
 * memory it loads after that, so nothing lies between. A wake-up only makes it quick.
 */
@Injectable()
export class FactFeed implements OnModuleInit, BeforeApplicationShutdown {
  private readonly readers = new Set<FactReader>();
  /** How many facts each tenant has, as of the last look. */
  private readonly heads = new Map<TenantId, number>();
  /** The last of them that was handed out. */
  private readonly reached = new Map<TenantId, number>();
  private readonly serving = new Map<TenantId, Promise<unknown>>();
  /** Since when there is something unread. */
  private readonly unread = new Map<TenantId, number>();
  private lookedMs = performance.now();
  private looking: Promise<void> | undefined;
  private isWoken = false;
  private isFailing = false;
  private isStopping = false;
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when the cursors stand: what is read into memory from here on is not older than they are. */
  async onModuleInit(): Promise<void> {
    for (const [tenantId, head] of await this.readHeads()) this.reached.set(tenantId, head);
    this.unsubscribe = this.bus.subscribe(({ kind }) => {
      if (kind === 'facts-recorded' || kind === 'resync') this.wake();
    });
    this.timer = setInterval(() => {
      this.wake();
    }, lookEveryMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    this.unsubscribe?.();
    await this.looking;
    await Promise.allSettled(this.serving.values());
  }

  /**
   * The handler gets what was recorded from now on, and perhaps a little of what was before; one tenant's facts at a time. Facts
   * at which it throws come again, to it alone, until it does not.
   */
  subscribe(name: string, handler: FactHandler): () => void {
    const reader = new FactReader(name, handler);
    this.readers.add(reader);
    return () => {
      this.readers.delete(reader);
    };
  }

  /** Whether something may have happened a second ago that is not known here: the database cannot be read. */
  isBlind(tenantId: TenantId): boolean {
    const sinceMs = this.unread.get(tenantId) ?? this.lookedMs;
    return performance.now() - sinceMs > blindAfterMs;
  }

  /** Resolves when all that is committed by now has been handed out. Rejects when it cannot be read. */
  async caughtUp(): Promise<void> {
    await this.looking?.catch(() => undefined);
    await this.look();
    await Promise.all(this.serving.values());
  }

  /** How far this process has come with a tenant's facts. */
  reachedOf(tenantId: TenantId): number {
    // A tenant that there was not when Timbre started here is read from its first fact.
    return this.reached.get(tenantId) ?? 0;
  }

  private wake(): void {
    this.isWoken = true;
    if (!this.isStopping) this.looking ??= this.lookWhileWoken();
  }

  private async lookWhileWoken(): Promise<void> {
    while (this.isWoken && !this.isStopping) {
      this.isWoken = false;
      try {
        await this.look();
        this.isFailing = false;
      } catch (error) {
        if (!this.isFailing) this.logger.error({ err: error }, 'what happened could not be read');
        this.isFailing = true;
      }
    }
    this.looking = undefined;
  }

  private async look(): Promise<void> {
    const beganMs = performance.now();
    for (const [tenantId, head] of await this.readHeads()) {
      this.heads.set(tenantId, head);
      if (head > this.reachedOf(tenantId)) this.serve(tenantId, beganMs);
    }
    for (const reader of this.readers) for (const [tenantId] of reader.stuck) this.serve(tenantId, beganMs);
    this.lookedMs = beganMs;
  }

  /** One tenant's facts one after the other; no other tenant waits for them. */
  private serve(tenantId: TenantId, foundMs: number): void {
    if (this.serving.has(tenantId)) return;
    if (!this.unread.has(tenantId)) this.unread.set(tenantId, foundMs);
    const served: Promise<unknown> = this.handOut(tenantId)
      .then(() => this.unread.delete(tenantId))
      .catch((error: unknown) => {
        // The next look finds the same facts: nothing is passed over.
        this.logger.error({ err: error, tenantId }, 'what happened at a tenant could not be read');
      })
      .finally(() => this.serving.delete(tenantId));
    this.serving.set(tenantId, served);
  }

  private async handOut(tenantId: TenantId): Promise<void> {
    for (const reader of this.readers)
      for (const [stuck, after] of reader.stuck)
        if (stuck === tenantId) await this.again(reader, tenantId, after);
    while (this.reachedOf(tenantId) < (this.heads.get(tenantId) ?? 0) && !this.isStopping) {
      const after = this.reachedOf(tenantId);
      const facts = await this.readAfter(tenantId, after, Number.MAX_SAFE_INTEGER);
      const last = facts.at(-1)?.seq;
      if (last === undefined) return;
      for (const reader of [...this.readers])
        this.trying(reader, tenantId, () => {
          reader.take(tenantId, after, facts);
        });
      this.reached.set(tenantId, last);
    }
  }

  private async again(reader: FactReader, tenantId: TenantId, after: number): Promise<void> {
    const reached = this.reachedOf(tenantId);
    const facts = await this.readAfter(tenantId, after, reached);
    this.trying(reader, tenantId, () => {
      reader.retake(tenantId, facts, reached);
    });
  }

  private trying(reader: FactReader, tenantId: TenantId, hand: () => void): void {
    try {
      hand();
    } catch (error) {
      this.logger.error(
        { err: error, tenantId, reader: reader.name },
        'a reader of facts failed, they come again',
      );
    }
  }

  private async readHeads(): Promise<[TenantId, number][]> {
    const asked = this.database.forEverybody<{ tenant_id: TenantId; count: string }[]>((em) =>
      em.query(`SELECT tenant_id, count FROM ledger_heads WHERE ledger = 'audit'`),
    );
    const rows = await within(answerWithinMs, asked);
    return rows.map(({ tenant_id, count }) => [tenant_id, Number(count)]);
  }

  private async readAfter(tenantId: TenantId, after: number, upTo: number): Promise<readonly StoredFact[]> {
    const asked = this.database.forTenant(tenantId, (em) =>
      readChain(em, tenantId, after, { upTo, limit: batch }),
    );
    return (await within(answerWithinMs, asked)).map(toFact);
  }
}
