import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { CallCloseReason, CallDescription } from '../../core/calls/intake.js';
import type { CallResult } from '../../core/calls/result.js';
import type { Clock } from '../../core/clock.js';
import type { CallId, CustomerId } from '../../core/ids.js';
import { defaultPolicy } from '../../core/policy/policy.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../engine/engine.port.js';
import { CLOCK } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { CustomersService } from '../customers/customers.service.js';
import { PoliciesService } from '../policies/policies.service.js';
import { VoiceprintsService } from '../voiceprints/voiceprints.service.js';
import { CallEnrolments } from './call-enrolments.js';
import type { CallEventKind } from './call-event.entity.js';
import { CallEventWriter, type CallWrite } from './call-event-writer.js';
import { CallFlags } from './call-flags.js';
import { CallMetrics } from './call-metrics.js';
import { CallRegistry } from './call-registry.js';
import { CallSession } from './call-session.js';
import { PendingWork } from './pending-work.js';

export interface CallListeners {
  result: ((result: CallResult) => void) | undefined;
  end: ((reason: CallCloseReason) => void) | undefined;
}

/** How often standing claims are looked at for an end of consent or voiceprint that comes by itself. */
const tickMs = 1000;

/** Opens, claims and closes the calls that live on this process, and carries what changes about their customers to them. */
@Injectable()
export class LiveCalls implements OnModuleInit, OnModuleDestroy {
  private readonly listeners = new Map<CallId, CallListeners>();
  /** Calls whose consent could not be checked: asked again at the next tick. */
  private readonly unchecked = new Set<CallId>();
  private readonly turns = new WeakMap<CallSession, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: CallRegistry,
    private readonly writer: CallEventWriter,
    private readonly flags: CallFlags,
    private readonly enrolments: CallEnrolments,
    private readonly metrics: CallMetrics,
    private readonly work: PendingWork,
    private readonly customers: CustomersService,
    private readonly voiceprints: VoiceprintsService,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.tick();
    }, tickMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  open(description: CallDescription): { session: CallSession; listeners: CallListeners } {
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
      onEngineFailure: () => {
        this.logger.error({ callId }, 'analysis of a call failed');
        this.listeners.get(callId)?.end?.('engine-failure');
      },
    });
    const listeners: CallListeners = { result: undefined, end: undefined };
    this.listeners.set(callId, listeners);
    this.registry.add(session);
    this.metrics.opened.inc({ protocol: description.protocol });
    const result = session.result();
    this.record(session, 'opened', result, { opened: { description, result } });
    void this.settle(session);
    return { session, listeners };
  }

  /** Names the customer; resolves when the call stands as the customer's consent and voiceprint say. */
  async claim(session: CallSession, customerId: CustomerId): Promise<void> {
    session.claimFor(customerId);
    this.flags.forget(session);
    this.record(session, 'claimed', { customerId }, { claimedCustomerId: customerId });
    await this.recheck(session);
  }

  /** Loads what holds of the claimed customer now. Fails closed: while it cannot be known, nothing is processed. */
  async recheck(session: CallSession): Promise<void> {
    const { tenantId } = session.description;
    const customerId = session.claimedCustomerId;
    if (customerId === null) return;
    const turn = (this.turns.get(session) ?? 0) + 1;
    this.turns.set(session, turn);
    // A slower answer to an earlier question must not undo what a later one found.
    const isOvertaken = () => this.turns.get(session) !== turn;
    try {
      const context = await this.voiceprints.claimContext(tenantId, customerId);
      await this.enrolments.recheck(session);
      if (isOvertaken()) return;
      this.unchecked.delete(session.callId);
      session.apply(context);
    } catch (error) {
      if (isOvertaken()) return;
      this.logger.error({ err: error, callId: session.callId }, 'consent could not be checked');
      this.unchecked.add(session.callId);
      session.failClosed();
    }
  }

  async close(session: CallSession, reason: CallCloseReason): Promise<CallResult> {
    await session.flush();
    await this.enrolments.finish(session);
    const result = session.close();
    this.registry.remove(session.callId);
    this.listeners.delete(session.callId);
    this.unchecked.delete(session.callId);
    this.metrics.closed.inc({ reason });
    const { analysedMs, droppedMs, lostMs, withheldMs } = result.audio;
    for (const [fate, ms] of Object.entries({ analysedMs, droppedMs, lostMs, withheldMs })) {
      this.metrics.audioMs.inc({ fate: fate.slice(0, -2) }, Math.max(0, ms));
    }
    this.record(session, 'closed', { reason, result }, { closeReason: reason, result });
    if (result.verification.state === 'accepted') this.touch(session);
    return result;
  }

  /** Timbre is going away: every platform is told in its own protocol's words, which closes its calls. */
  endAll(): void {
    for (const { end } of [...this.listeners.values()]) end?.('shutdown');
  }

  private async settle(session: CallSession): Promise<void> {
    const { tenantId, claimedCustomer } = session.description;
    try {
      session.usePolicy(await this.policies.current(tenantId));
      if (claimedCustomer === undefined || session.claimedCustomerId !== null) return;
      const customerId = await this.customers.resolve(tenantId, claimedCustomer);
      if (customerId) await this.claim(session, customerId);
      else this.record(session, 'claimed', { customerId: null, problem: 'unknown-customer' }, {});
    } catch (error) {
      this.logger.error({ err: error, callId: session.callId }, 'a call could not be claimed at its start');
    }
  }

  private onResult(session: CallSession, result: CallResult, latencyMs: number | null): void {
    if (latencyMs !== null) this.metrics.decisionLatency.observe(latencyMs / 1000);
    this.record(session, 'result', result, { result });
    this.listeners.get(session.callId)?.result?.(result);
    if (this.flags.isNews(session, result))
      this.work.run(session.callId, 'flag a rejected call', this.flags.assess(session, result));
  }

  private tick(): void {
    const now = this.clock.nowMs();
    for (const session of this.registry.all()) {
      const endsMs = session.validUntilMs;
      const ended = endsMs !== null && endsMs <= now;
      if (ended) session.pause();
      if (ended || this.unchecked.has(session.callId)) void this.recheck(session);
    }
  }

  private touch({ description, claimedCustomerId, callId }: CallSession): void {
    if (claimedCustomerId === null) return;
    const touched = this.customers.touch(description.tenantId, claimedCustomerId, this.clock.nowMs());
    this.work.run(callId, 'record the last interaction', touched);
  }

  private record(session: CallSession, kind: CallEventKind, payload: object, more: Partial<CallWrite>): void {
    const { callId, description } = session;
    const at = new Date(this.clock.nowMs());
    this.writer.add({ tenantId: description.tenantId, callId, at, kind, payload, ...more });
  }
}
