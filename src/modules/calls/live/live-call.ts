import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { CallCloseReason, CallDescription } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, CustomerId } from '../../../core/ids.js';
import { defaultPolicy } from '../../../core/policy/policy.js';
import type { CallEventKind } from '../call-log/call-event.entity.js';
import type { CallWrite } from '../call-log/call-write.js';
import { eraseLateTraces } from '../call-log/erased-calls.js';
import { CallEnrolment } from './call-enrolment.js';
import { CallFlags } from './call-flags.js';
import { CallLine } from './call-line.js';
import type { CallServices } from './call-services.js';
import { CallSession } from './call-session.js';
import { ClaimCheck } from './claim-check.js';
import { ScreenedCall } from './screened-call.js';

/** One live call on this process: all that is of it alone. What is of all calls is in LiveCalls and CallStreams. */
export class LiveCall {
  readonly callId = randomUUID() as CallId;
  readonly session: CallSession;
  readonly line: CallLine;
  readonly flags: CallFlags;
  readonly enrolment: CallEnrolment;
  readonly check: ClaimCheck;
  readonly screened: ScreenedCall;
  /** Its customer was erased while it went on. */
  private isReleased = false;

  constructor(
    readonly description: CallDescription,
    private readonly use: CallServices,
    endedWhileHeld: (call: LiveCall, reason: CallCloseReason) => void,
  ) {
    const { callId } = this;
    this.line = new CallLine((reason) => {
      endedWhileHeld(this, reason);
    });
    this.session = new CallSession(callId, description, defaultPolicy, {
      engine: use.engine,
      clock: use.clock,
      maxWaitingMs: use.config.engineMaxWaitingMs,
      onResult: (result, latencyMs) => {
        this.onResult(result, latencyMs);
      },
      onEnrolmentComplete: () => {
        this.run('store an enrolment', this.enrolment.finish());
      },
      onScreenedSegment: () => {
        this.screened.screen();
      },
      onEngineFailure: () => {
        use.logger.error({ callId }, 'analysis of a call failed');
        this.line.end('engine-failure');
      },
      onWrongRate: (note) => {
        use.metrics.wrongRates.inc({ note });
        use.logger.warn({ callId, note }, 'the audio of a call arrives at another rate than was said');
      },
    });
    this.flags = new CallFlags(this.session, use);
    this.enrolment = new CallEnrolment(this.session, use);
    this.check = new ClaimCheck(this.session, this.flags, this.enrolment, use);
    this.screened = new ScreenedCall(this.session, this.flags, use);
  }

  /** The claimed customer of a call was erased, and nobody has been named since. */
  get isNobodys(): boolean {
    return this.isReleased && this.session.claimedCustomerId === null;
  }

  /** Names the customer; resolves when the call stands as the customer's consent and voiceprint say. */
  async claim(customerId: CustomerId, carried?: CarriedCall): Promise<void> {
    this.session.claimFor(customerId);
    if (carried) this.inherit(carried);
    this.flags.forget();
    this.record('claimed', { customerId }, { claimedCustomerId: customerId });
    await this.check.recheck();
  }

  /** The claimed customer is erased: nothing of them stays in the call, in memory or on its way to the database. */
  async release(): Promise<void> {
    this.session.release();
    this.flags.forget();
    this.isReleased = true;
    await this.whenWritten(eraseLateTraces);
  }

  /** Resumes with what another process had of the call. */
  inherit(carried: CarriedCall): void {
    const { config, metrics } = this.use;
    const lostMs = this.session.inherit(carried, config.resumeWithinMs + config.silenceTimeoutMs);
    metrics.resumed.inc({ protocol: this.description.protocol });
    const { callId: continuesCallId } = carried;
    this.record('resumed', { lostMs, continuesCallId }, { continuesCallId });
  }

  /** Other bounds hold, and perhaps other laws. */
  async usePolicy(): Promise<void> {
    this.session.usePolicy(await this.use.policies.current(this.description.tenantId));
    await this.check.recheck();
  }

  record(kind: CallEventKind, payload: object, more: Partial<CallWrite> = {}): void {
    const { callId, description, use } = this;
    const at = new Date(use.clock.nowMs());
    const { readTo } = this.check;
    use.writer.add({ tenantId: description.tenantId, callId, at, kind, payload, readTo, ...more });
  }

  /** Work that nobody waits for while the call goes on. */
  run(what: string, work: Promise<unknown>): void {
    this.use.work.run(this.callId, what, work);
  }

  async whenWritten(work: (em: EntityManager, callId: CallId) => Promise<void>): Promise<void> {
    await this.use.writer.flushed();
    await this.use.database.forTenant(this.description.tenantId, (em) => work(em, this.callId));
  }

  private onResult(result: CallResult, latencyMs: number | null): void {
    if (latencyMs !== null) this.use.metrics.decisionLatency.observe(latencyMs / 1000);
    this.record('result', result, { result });
    this.line.tell(result);
    if (this.flags.isNews(result)) this.run('flag a rejected call', this.flags.assess(result));
  }
}
