import { Injectable } from '@nestjs/common';
import type { CallResults } from '../../../core/calls/call-results.port.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { CallEventWriter } from './call-event-writer.js';
import type { CallSession } from '../live/call-session.js';
import { ProcessLease } from '../leases/process-lease.js';
import { Call } from './call.entity.js';

/** The calls live on this process, and the last known result of any call. */
@Injectable()
export class CallRegistry implements CallResults {
  private readonly sessions = new Map<CallId, CallSession>();

  constructor(
    private readonly database: Database,
    private readonly writer: CallEventWriter,
    private readonly lease: ProcessLease,
  ) {}

  add(session: CallSession): void {
    this.sessions.set(session.callId, session);
  }

  remove(callId: CallId): void {
    this.sessions.delete(callId);
  }

  get size(): number {
    return this.sessions.size;
  }

  all(): CallSession[] {
    return [...this.sessions.values()];
  }

  ofTenant(tenantId: TenantId): CallSession[] {
    return this.all().filter((session) => session.description.tenantId === tenantId);
  }

  ofCustomer(tenantId: TenantId, customerId: CustomerId): CallSession[] {
    return this.ofTenant(tenantId).filter((session) => session.claimedCustomerId === customerId);
  }

  find(tenantId: TenantId, callId: CallId): CallSession | undefined {
    const session = this.sessions.get(callId);
    return session?.description.tenantId === tenantId ? session : undefined;
  }

  /** The same, unless this process stalled and another one may have closed the call: then the row alone says how it stands. */
  findCurrent(tenantId: TenantId, callId: CallId): CallSession | undefined {
    return this.lease.isSure ? this.find(tenantId, callId) : undefined;
  }

  async latest(
    tenantId: TenantId,
    callId: CallId,
  ): Promise<{ result: CallResult; closedAtMs: number | null } | undefined> {
    const session = this.findCurrent(tenantId, callId);
    // Who asks is about to write beside the call's row: a call just opened must have one.
    if (session) await this.writer.flushed();
    if (session) return { result: session.result(), closedAtMs: null };
    const row = await this.database.forTenant(tenantId, (em) => em.findOneBy(Call, { tenantId, callId }));
    return row ? { result: row.result, closedAtMs: row.closedAt?.getTime() ?? null } : undefined;
  }
}
