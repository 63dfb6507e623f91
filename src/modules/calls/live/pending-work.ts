import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Shutdown } from '../../../platform/health/shutdown.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';

/** Work that nobody waits for while a call goes on, but that a shutdown must not cut off. */
@Injectable()
export class PendingWork implements OnModuleInit {
  private readonly pending = new Set<Promise<void>>();

  constructor(
    private readonly shutdown: Shutdown,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.shutdown.register('flush', 'work of calls', async () => {
      while (this.pending.size > 0) await Promise.all(this.pending);
    });
  }

  /** A failure is logged with the call's id and ends there. */
  run(callId: string, what: string, work: Promise<unknown>): void {
    const done = work
      .then(() => undefined)
      .catch((error: unknown) => {
        this.logger.error({ err: error, callId, what }, 'work for a call failed');
      })
      .finally(() => this.pending.delete(done));
    this.pending.add(done);
  }
}
