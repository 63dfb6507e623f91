import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import type { FactAction, StoredFact } from './fact.js';
import { FactFeed } from './fact-feed.js';
import { advance, type Advance, type StoredReader } from './stored-reader.js';
import { within } from './within.js';

/** After a failure, or while another process is at it. */
const retryMs = 300;
/** Who asks for all that is committed by now waits no longer than this. */
const answerWithinMs = 2000;

/** One reader with one tenant: what it has yet to reach. */
interface Course {
  readonly reader: StoredReader;
  readonly tenantId: TenantId;
  /** The number of the last fact that is for it. */
  wanted: number;
  running: Promise<void> | undefined;
  isFailing: boolean;
}

/**
 * Drives the readers whose work must be done once (StoredReader), on every process: the feed says what there is to read, the rows
 * of fact_cursors what has been read. So whoever lives goes on where a killed process stopped, and one tenant's failure, or one
 * reader's, holds up no other.
 */
@Injectable()
export class StoredReaders implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly readers: StoredReader[] = [];
  private readonly courses = new Map<string, Course>();
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: (() => void) | undefined;
  private isStopping = false;
  private beginning: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly feed: FactFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** When modules are made: before `onApplicationBootstrap`. */
  add<Action extends FactAction>(reader: StoredReader<Action>): void {
    // It is handed its own actions alone.
    this.readers.push(reader as unknown as StoredReader);
  }

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('stored readers', (facts) => {
      for (const reader of this.readers) {
        const last = facts.findLast(({ action }) => reader.actions.includes(action));
        if (last !== undefined) void this.want(reader, last);
      }
    });
    this.timer = setInterval(() => {
      for (const course of this.courses.values()) void this.run(course);
    }, retryMs);
    this.timer.unref();
  }

  /** What was recorded while nobody ran, or by a process that was killed before it did what follows. */
  onApplicationBootstrap(): void {
    this.beginning = this.findUnread().catch((error: unknown) => {
      this.logger.error({ err: error }, 'what readers of facts left undone could not be found');
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.timer);
    this.unsubscribe?.();
    await this.beginning;
    for (const { running } of this.courses.values()) await running;
  }

  /**
   * For who has done something and answers when what follows from it is done, too, here or by another process. After 2 s, or where
   * it fails, it is done later.
   */
  async settled(tenantId: TenantId): Promise<void> {
    try {
      await within(answerWithinMs, this.readAll(tenantId));
    } catch (error) {
      this.logger.warn({ err: error, tenantId }, 'what follows from a fact is done later');
    }
  }

  private async readAll(tenantId: TenantId): Promise<void> {
    for (const reader of this.readers) {
      const toEnd = (em: EntityManager): Promise<Advance> => advance(em, tenantId, reader, true);
      let moved: Advance = 'busy';
      while (moved === 'busy' || !moved.isDone) moved = await this.database.forTenant(tenantId, toEnd);
    }
  }

  private async findUnread(): Promise<void> {
    for (const reader of this.readers) {
      const behind = await this.database.forEverybody((em) =>
        em.query<{ tenant_id: TenantId; count: string }[]>(
          `SELECT h.tenant_id, h.count FROM ledger_heads h
           LEFT JOIN fact_cursors c ON c.tenant_id = h.tenant_id AND c.reader = $1
           WHERE h.ledger = 'audit' AND h.count > coalesce(c.seq, 0)`,
          [reader.name],
        ),
      );
      for (const { tenant_id: tenantId, count } of behind)
        await this.want(reader, { tenantId, seq: Number(count) });
    }
  }

  private want(reader: StoredReader, { tenantId, seq }: Pick<StoredFact, 'tenantId' | 'seq'>): Promise<void> {
    const key = `${reader.name} ${tenantId}`;
    const course = this.courses.get(key) ?? {
      reader,
      tenantId,
      wanted: 0,
      running: undefined,
      isFailing: false,
    };
    course.wanted = Math.max(course.wanted, seq);
    this.courses.set(key, course);
    return this.run(course);
  }

  private run(course: Course): Promise<void> {
    if (this.isStopping) return Promise.resolve();
    course.running ??= this.readOn(course).finally(() => {
      course.running = undefined;
    });
    return course.running;
  }

  private async readOn(course: Course): Promise<void> {
    const { reader, tenantId } = course;
    try {
      for (;;) {
        const moved = await this.database.forTenant(tenantId, (em) => advance(em, tenantId, reader, false));
        course.isFailing = false;
        if (moved === 'busy') return;
        if (moved.reached >= course.wanted) {
          this.courses.delete(`${reader.name} ${tenantId}`);
          return;
        }
        if (this.isStopping) return;
      }
    } catch (error) {
      if (!course.isFailing)
        this.logger.error(
          { err: error, tenantId, reader: reader.name },
          'a reader of facts failed, it tries again',
        );
      course.isFailing = true;
    }
  }
}
