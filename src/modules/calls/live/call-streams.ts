import { Injectable } from '@nestjs/common';
import type { CallCloseReason, CallDescription, OpenCall } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, TenantId } from '../../../core/ids.js';
import { Shutdown } from '../../../platform/health/shutdown.js';
import { beginCall, resumeCall } from './call-beginning.js';
import { endCall } from './call-ending.js';
import { CallRegistry } from './call-registry.js';
import { CallServices } from './call-services.js';
import { CallStream } from './call-stream.js';
import { LiveCall } from './live-call.js';

/**
 * Brings each stream to its call. A call whose stream broke off is held for a while; a stream that says it resumes it, or
 * with one whose old stream has not been missed yet, takes it up where it stood.
 */
@Injectable()
export class CallStreams {
  private readonly calls = new Set<LiveCall>();
  private readonly byKey = new Map<string, LiveCall>();
  private readonly closing = new Set<Promise<CallResult>>();

  constructor(
    private readonly use: CallServices,
    private readonly registry: CallRegistry,
    private readonly shutdown: Shutdown,
  ) {}

  open(description: CallDescription): OpenCall {
    const resumed = (description.resumes ?? [])
      .map((key) => this.byKey.get(fullKey(description, key)))
      .find((call) => call !== undefined);
    const call = resumed ?? this.begin(description);
    const stream = new CallStream(call.session, resumed !== undefined, (_, reason) =>
      this.leave(call, reason),
    );
    const replaced = call.line.carriedBy(stream);
    if (description.streamKey !== undefined) {
      const key = fullKey(description, description.streamKey);
      call.line.keys.add(key);
      call.line.streamKeys.add(description.streamKey);
      this.byKey.set(key, call);
    }
    if (resumed) {
      resumeCall(call, description, this.use, this.registry);
      replaced?.replace();
    }
    return stream;
  }

  /** Calls with a stream, or held for one. */
  get size(): number {
    return this.calls.size;
  }

  /** The platform has come back with the call to another process, which asks for it. */
  async transfer(tenantId: TenantId, callId: CallId): Promise<void> {
    await this.giveUp(callId, (call) => call.description.tenantId === tenantId);
  }

  /** The call goes on elsewhere already, without what is known of it here. */
  async drop(callId: CallId): Promise<void> {
    await this.giveUp(callId, () => true, []);
  }

  /** Every platform has been told of a shutdown: resolves when the calls of those that answered have their last results. */
  async settled(): Promise<void> {
    while (this.closing.size > 0) await Promise.all(this.closing);
  }

  /** Held calls, and those whose platform did not react to being told. */
  async closeRest(reason: CallCloseReason): Promise<void> {
    await Promise.all([...this.calls].map((call) => this.close(call, reason)));
  }

  private begin(description: CallDescription): LiveCall {
    const call = new LiveCall(description, this.use, (held, reason) => {
      if (reason !== 'shutdown') void this.close(held, reason);
    });
    this.calls.add(call);
    beginCall(call, this.use, this.registry);
    return call;
  }

  private async giveUp(
    callId: CallId,
    isMeant: (call: LiveCall) => boolean,
    keys?: readonly string[],
  ): Promise<void> {
    const call = [...this.calls].find((each) => each.callId === callId && isMeant(each));
    if (!call) return;
    call.line.replace();
    await this.close(call, 'taken-over', keys);
  }

  private leave(call: LiveCall, reason: CallCloseReason): Promise<CallResult> {
    const mayReturn = call.line.keys.size > 0 && this.use.config.resumeWithinMs > 0 && !this.shutdown.begun;
    return reason === 'disconnected' && mayReturn ? this.hold(call) : this.close(call, reason);
  }

  private async hold(call: LiveCall): Promise<CallResult> {
    call.line.hold(this.use.config.resumeWithinMs, () => {
      void this.close(call, 'disconnected');
    });
    call.record('interrupted', {});
    await call.session.flush();
    return call.session.result();
  }

  /** `keys`: under which another process may resume the call. */
  private close(
    call: LiveCall,
    reason: CallCloseReason,
    keys: readonly string[] = [...call.line.streamKeys],
  ): Promise<CallResult> {
    call.line.release();
    this.calls.delete(call);
    // A key may have gone on to a newer call of the same platform id.
    for (const key of call.line.keys) if (this.byKey.get(key) === call) this.byKey.delete(key);
    const closing = endCall(call, reason, keys, this.use, this.registry);
    this.closing.add(closing);
    const done = (): void => {
      this.closing.delete(closing);
    };
    closing.then(done, done);
    return closing;
  }
}

/** A platform's ids are its own: another tenant's or protocol's equal ones are others. */
function fullKey({ tenantId, protocol }: CallDescription, key: string): string {
  return JSON.stringify([tenantId, protocol, key]);
}
