import { Injectable } from '@nestjs/common';
import type { CallResults } from '../../../core/calls/call-results.port.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import type { LiveCall } from './live-call.js';
import { ProcessLease } from '../leases/process-lease.js';
import { Call } from '../call-log/call.entity.js';

/** The calls live on this process, and the last known result of any call. */
@Injectable()
export class CallRegistry implements CallResults {
  private readonly calls = new Map<CallId, LiveCall>();
  /** By the id that a call had on the process it came from. */
  private readonly resumedHere = new Map<CallId, LiveCall>();

  constructor(
    private readonly database: Database,
    private readonly writer: CallEventWriter,
    private readonly lease: ProcessLease,
  ) {}

  add(call: LiveCall): void {
    this.calls.set(call.callId, call);
  }

  /** Who names a customer for the call by its former id means this one. */
  resumes(call: LiveCall, formerId: CallId): void {
    this.resumedHere.set(formerId, call);
  }

  remove(callId: CallId): void {
    this.calls.delete(callId);
    for (const [formerId, call] of this.resumedHere)
      if (call.callId === callId) this.resumedHere.delete(formerId);
  }

  get size(): number {
    return this.calls.size;
  }

  all(): LiveCall[] {
    return [...this.calls.values()];
  }

  ofTenant(tenantId: TenantId): LiveCall[] {
    return this.all().filter((call) => call.description.tenantId === tenantId);
  }

  ofCustomer(tenantId: TenantId, customerId: CustomerId): LiveCall[] {
    return this.ofTenant(tenantId).filter(({ session }) => session.claimedCustomerId === customerId);
  }

  find(tenantId: TenantId, callId: CallId): LiveCall | undefined {
    const call = this.calls.get(callId);
    return call?.description.tenantId === tenantId ? call : undefined;
  }

  /** The same, also by the id that it had on the process it came from. */
  findResumed(tenantId: TenantId, callId: CallId): LiveCall | undefined {
    const call = this.resumedHere.get(callId);
    return call?.description.tenantId === tenantId ? call : this.find(tenantId, callId);
  }

  /** As find, unless this process stalled and another one may have closed the call: then the row alone says how it stands. */
  findCurrent(tenantId: TenantId, callId: CallId): LiveCall | undefined {
    return this.lease.isSure ? this.find(tenantId, callId) : undefined;
  }

  async latest(
    tenantId: TenantId,
    callId: CallId,
  ): Promise<{ result: CallResult; closedAtMs: number | null } | undefined> {
    const call = this.findCurrent(tenantId, callId);
    // Who asks is about to write beside the call's row: a call just opened must have one.
    if (call) await this.writer.flushed();
    if (call) return { result: call.session.result(), closedAtMs: null };
    const row = await this.database.forTenant(tenantId, (em) => em.findOneBy(Call, { tenantId, callId }));
    return row ? { result: row.result, closedAtMs: row.closedAt?.getTime() ?? null } : undefined;
  }
}
