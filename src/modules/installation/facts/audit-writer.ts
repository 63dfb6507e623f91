import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { Shutdown } from '../../../platform/health/shutdown.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import type { Fact } from './fact.js';
import { appendFacts, type FactRow } from './record-fact.js';

const retryMs = 500;

/**
 * For what happens in calls: entries queue and calls go on, so that nothing waits for the log between audio and score. Changes
 * that people make are written in their own transaction instead (recordFact).
 */
@Injectable()
export class AuditWriter implements OnModuleInit {
  private queue: FactRow[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly shutdown: Shutdown,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.shutdown.register('flush', 'audit log', () => this.flushed());
  }

  add(tenantId: TenantId, event: Fact): void {
    this.queue.push({ ...event, tenantId, at: new Date(this.clock.nowMs()) });
    this.writing ??= this.drain();
  }

  /** Resolves when everything added so far is committed. */
  async flushed(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private async drain(): Promise<void> {
    // Let the entries of one turn of the event loop share a transaction.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      for (const tenantId of new Set(batch.map((row) => row.tenantId))) {
        const rows = batch.filter((row) => row.tenantId === tenantId);
        await this.writeUntilDone(tenantId, rows);
      }
    }
    this.writing = null;
  }

  /** What is not written yet is tried for again, for as long as Timbre runs: an audit log leaves nothing out. */
  private async writeUntilDone(tenantId: TenantId, rows: readonly FactRow[]): Promise<void> {
    for (;;) {
      try {
        await this.database.forTenant(tenantId, (em) => appendFacts(em, tenantId, rows));
        return;
      } catch (error) {
        const entries = rows.length;
        if (this.shutdown.begun) {
          this.logger.error({ err: error, tenantId, entries }, 'audit entries lost');
          return;
        }
        this.logger.error({ err: error, tenantId, entries }, 'audit entries not written, trying again');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }
}
