import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { CarriedCall } from '../../../core/calls/carried-call.js';
import type { CallCloseReason, CallDescription } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, CustomerId } from '../../../core/ids.js';
import { defaultPolicy } from '../../../core/policy/policy.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { CentreGathering } from '../../installation/mean-voices/centre-gathering.js';
import { Interactions } from '../../people/customer-changes/interactions.service.js';
import { CustomersService } from '../../people/customers/customers.service.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { verificationDecided } from '../call-log/call-audit.js';
import { CallEnrolments } from './call-enrolments.js';
import type { CallEventKind } from '../call-log/call-event.entity.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import { CallFlags } from './call-flags.js';
import { CallHandovers } from '../transfers/call-handovers.js';
import { CallMetrics } from './call-metrics.js';
import { CallMigrations } from './call-migrations.js';
import { CallRegistry } from '../call-log/call-registry.js';
import { CallSession } from './call-session.js';
import type { CallWrite } from '../call-log/call-write.js';
import { ClaimChecks } from './claim-checks.js';
import { eraseLateTraces, forgetStream } from '../call-log/erased-calls.js';
import { PendingWork } from './pending-work.js';

export interface CallListeners {
  result(result: CallResult): void;
  /** Timbre ends the call's stream. */
  end(reason: CallCloseReason): void;
}

/** Opens, claims and closes the calls that live on this process. */
@Injectable()
export class LiveCalls {
  private readonly listeners = new Map<CallId, CallListeners>();
  /** Calls whose customer was erased while they went on. */
  private readonly released = new WeakSet<CallSession>();
  private screenedSegment: (session: CallSession) => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly registry: CallRegistry,
    private readonly writer: CallEventWriter,
    private readonly flags: CallFlags,
    private readonly checks: ClaimChecks,
    private readonly enrolments: CallEnrolments,
    private readonly handovers: CallHandovers,
    private readonly migrations: CallMigrations,
    private readonly metrics: CallMetrics,
    private readonly work: PendingWork,
    private readonly customers: CustomersService,
    private readonly interactions: Interactions,
    private readonly centres: CentreGathering,
    private readonly policies: PoliciesService,
    private readonly audit: AuditWriter,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Called for each new stretch of a voice that may be held against watchlists. */
  onScreenedSegment(listener: (session: CallSession) => void): void {
    this.screenedSegment = listener;
  }

  open(description: CallDescription, listeners: CallListeners): CallSession {
    const callId = randomUUID() as CallId;
    const session = new CallSession(callId, description, defaultPolicy, {
      engine: this.engine,
      clock: this.clock,
      maxWaitingMs: this.config.engineMaxWaitingMs,
      onResult: (result, latencyMs) => {
        this.onResult(session, result, latencyMs);
      },
      onEnrolmentComplete: () => {
        this.work.run(callId, 'store an enrolment', this.enrolments.finish(session));
      },
      onScreenedSegment: () => {
        this.screenedSegment(session);
      },
      onEngineFailure: () => {
        this.logger.error({ callId }, 'analysis of a call failed');
        listeners.end('engine-failure');
      },
      onWrongRate: (note) => {
        this.metrics.wrongRates.inc({ note });
        this.logger.warn({ callId, note }, 'the audio of a call arrives at another rate than was said');
      },
    });
    this.listeners.set(callId, listeners);
    this.registry.add(session);
    this.metrics.opened.inc({ protocol: description.protocol });
    const result = session.result();
    this.record(session, 'opened', result, { opened: { description, result } });
    void this.settle(session, description);
    return session;
  }

  /** The call's stream broke off; it is held for another one. */
  interrupted(session: CallSession): void {
    this.record(session, 'interrupted', {}, {});
  }

  /** Another stream goes on with the call: claim and evidence stay, and consent is asked about again before it is heard. */
  resume(session: CallSession, description: CallDescription, maxGapMs: number): void {
    const lostMs = session.resume(description, maxGapMs);
    this.metrics.resumed.inc({ protocol: description.protocol });
    const { streamKey } = description;
    this.record(session, 'resumed', { lostMs }, streamKey === undefined ? {} : { streamKey });
    // It is known where the call was: here.
    if (session.claimedCustomerId === null) void this.settle(session, { ...description, continues: [] });
    else void this.checks.recheck(session);
  }

  /** Names the customer; resolves when the call stands as the customer's consent and voiceprint say. */
  async claim(session: CallSession, customerId: CustomerId, carried?: CarriedCall): Promise<void> {
    session.claimFor(customerId);
    if (carried) this.inherit(session, carried);
    this.flags.forget(session);
    this.record(session, 'claimed', { customerId }, { claimedCustomerId: customerId });
    await this.checks.recheck(session);
  }

  /** The claimed customer is erased: nothing of them stays in the call, in memory or on its way to the database. */
  async release(session: CallSession): Promise<void> {
    session.release();
    this.flags.forget(session);
    this.released.add(session);
    await this.whenWritten(session, eraseLateTraces);
  }

  /** `keys`: under which another process may go on with the call. */
  async close(
    session: CallSession,
    reason: CallCloseReason,
    keys: readonly string[] = [],
  ): Promise<CallResult> {
    await session.flush();
    if (keys.length > 0 && (reason === 'shutdown' || reason === 'taken-over'))
      await this.handOver(session, keys);
    await this.enrolments.finish(session);
    const migrated = session.takeMigration();
    const voice = session.acceptedVoice();
    const result = session.close();
    this.registry.remove(session.callId);
    this.listeners.delete(session.callId);
    this.checks.forget(session);
    this.metrics.closed.inc({ reason });
    const { analysedMs, droppedMs, lostMs, withheldMs } = session.audioHere;
    for (const [fate, ms] of Object.entries({ analysedMs, droppedMs, lostMs, withheldMs })) {
      this.metrics.audioMs.inc({ fate: fate.slice(0, -2) }, Math.max(0, ms));
    }
    this.record(session, 'closed', { reason, result }, { closeReason: reason, result });
    if (result.verification.state === 'accepted') this.touch(session);
    const customerId = session.claimedCustomerId;
    const { tenantId } = session.description;
    if (voice && customerId !== null)
      this.work.run(session.callId, 'add to the centre', this.centres.add(tenantId, customerId, voice));
    if (customerId !== null) this.audit.add(tenantId, verificationDecided(result, customerId));
    if (this.released.has(session) && customerId === null)
      this.work.run(
        session.callId,
        'erase the last of an erased customer',
        this.whenWritten(session, forgetStream),
      );
    if (migrated && customerId !== null) await this.migrations.store(session, customerId, migrated);
    return result;
  }

  /** Timbre is going away: every platform is told in its own protocol's words, which closes its calls. */
  endAll(): void {
    for (const listener of [...this.listeners.values()]) listener.end('shutdown');
  }

  private async whenWritten(
    { callId, description }: CallSession,
    work: (em: EntityManager, callId: CallId) => Promise<void>,
  ): Promise<void> {
    await this.writer.flushed();
    await this.database.forTenant(description.tenantId, (em) => work(em, callId));
  }

  private async settle(session: CallSession, description: CallDescription): Promise<void> {
    const { tenantId, claimedCustomer } = description;
    try {
      session.usePolicy(await this.policies.current(tenantId));
      const carried = await this.carriedTo(session, description);
      if (session.claimedCustomerId !== null) return;
      if (carried && carried.claimedCustomerId !== null) {
        await this.claim(session, carried.claimedCustomerId, carried);
        return;
      }
      if (carried) this.inherit(session, carried);
      if (claimedCustomer === undefined) return;
      const customerId = await this.customers.resolve(tenantId, claimedCustomer);
      if (customerId) await this.claim(session, customerId);
      else this.record(session, 'claimed', { customerId: null, problem: 'unknown-customer' }, {});
    } catch (error) {
      this.logger.error({ err: error, callId: session.callId }, 'a call could not be claimed at its start');
    }
  }

  /** Without it the call begins anew, which is better than none. */
  private async carriedTo(
    { callId }: CallSession,
    description: CallDescription,
  ): Promise<CarriedCall | undefined> {
    try {
      return await this.handovers.take(description, callId);
    } catch (error) {
      this.logger.error({ err: error, callId }, 'a call could not be gone on with');
      return undefined;
    }
  }

  private inherit(session: CallSession, carried: CarriedCall): void {
    const lostMs = session.inherit(carried, this.config.resumeWithinMs + this.config.silenceTimeoutMs);
    this.metrics.resumed.inc({ protocol: session.description.protocol });
    const { callId: continuesCallId } = carried;
    this.record(session, 'resumed', { lostMs, continuesCallId }, { continuesCallId });
  }

  private async handOver(session: CallSession, keys: readonly string[]): Promise<void> {
    try {
      await this.handovers.store(session.description, session.carry(), keys);
    } catch (error) {
      this.logger.error({ err: error, callId: session.callId }, 'a call could not be handed over');
    }
  }

  private onResult(session: CallSession, result: CallResult, latencyMs: number | null): void {
    if (latencyMs !== null) this.metrics.decisionLatency.observe(latencyMs / 1000);
    this.record(session, 'result', result, { result });
    this.listeners.get(session.callId)?.result(result);
    if (this.flags.isNews(session, result))
      this.work.run(session.callId, 'flag a rejected call', this.flags.assess(session, result));
  }

  private touch({ description, claimedCustomerId, callId }: CallSession): void {
    if (claimedCustomerId === null) return;
    const touched = this.interactions.touch(description.tenantId, claimedCustomerId, this.clock.nowMs());
    this.work.run(callId, 'record the last interaction', touched);
  }

  private record(session: CallSession, kind: CallEventKind, payload: object, more: Partial<CallWrite>): void {
    const { callId, description } = session;
    const at = new Date(this.clock.nowMs());
    this.writer.add({ tenantId: description.tenantId, callId, at, kind, payload, ...more });
  }
}
