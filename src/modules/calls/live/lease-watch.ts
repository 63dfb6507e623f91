import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { CallRegistry } from './call-registry.js';
import { takeBackCalls } from '../call-log/lost-calls.js';
import { ProcessLease, type Replaced } from '../leases/process-lease.js';
import { CallStreams } from './call-streams.js';
import { PendingWork } from './pending-work.js';

/** After a stall: the calls that this process still has are its own again, those that went on elsewhere end here. */
@Injectable()
export class LeaseWatch implements OnModuleInit {
  constructor(
    private readonly lease: ProcessLease,
    private readonly database: Database,
    private readonly registry: CallRegistry,
    private readonly streams: CallStreams,
    private readonly work: PendingWork,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.lease.onReplaced((replaced) => this.takeBack(replaced));
  }

  private async takeBack(replaced: Replaced): Promise<void> {
    const calls = this.registry.all();
    // What allowed each call may have ended meanwhile.
    for (const { session } of calls) session.pause();
    for (const tenantId of new Set(calls.map(({ description }) => description.tenantId))) {
      const callIds = this.registry.ofTenant(tenantId).map(({ callId }) => callId);
      const now = new Date(this.clock.nowMs());
      const gone = await this.database.forTenant(tenantId, (em) =>
        takeBackCalls(em, { tenantId, callIds, now, ...replaced }),
      );
      for (const callId of gone)
        this.work.run(callId, 'end a call that went on elsewhere', this.streams.drop(callId));
    }
    for (const call of calls) call.run('check a call after a stall', call.check.recheck());
  }
}
