import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { Clock } from '../../../core/clock.js';
import type { CallId, CustomerId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { VoiceprintsService } from '../../people/voiceprints/voiceprints.service.js';
import { WatchlistScreening } from '../../fraud/watchlists/watchlist-screening.js';
import { voiceForgotten, voiceprintUsed } from '../call-log/call-audit.js';
import { CallEnrolments } from './call-enrolments.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import { CallFlags } from './call-flags.js';
import { CallRegistry } from '../call-log/call-registry.js';
import type { CallSession } from './call-session.js';

/** How often standing claims are looked at: for an end of consent or voiceprint that comes by itself, or that nobody could tell of. */
const tickMs = 500;

/** Keeps each live call to what its claimed customer's consent and voiceprint say now. */
@Injectable()
export class ClaimChecks implements OnModuleInit, OnModuleDestroy {
  /** Calls whose consent could not be checked: asked again at the next tick. */
  private readonly unchecked = new Set<CallId>();
  private readonly turns = new WeakMap<CallSession, number>();
  private readonly asking = new WeakSet<CallSession>();
  /** The use that the audit log was told of: a call that is checked again uses the same voiceprint, not another one. */
  private readonly told = new WeakMap<CallSession, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: CallRegistry,
    private readonly enrolments: CallEnrolments,
    private readonly voiceprints: VoiceprintsService,
    private readonly screening: WatchlistScreening,
    private readonly audit: AuditWriter,
    private readonly writer: CallEventWriter,
    private readonly flags: CallFlags,
    private readonly feed: FactFeed,
    @Inject(CLOCK) private readonly clock: Clock,
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

  /** Loads what holds of the claimed customer now. Fails closed: while it cannot be known, nothing is processed. */
  async recheck(session: CallSession): Promise<void> {
    const { tenantId } = session.description;
    const customerId = session.claimedCustomerId;
    if (customerId === null) return;
    const turn = (this.turns.get(session) ?? 0) + 1;
    this.turns.set(session, turn);
    // A slower answer to an earlier question must not undo what a later one found.
    const isOvertaken = () => this.turns.get(session) !== turn || session.claimedCustomerId !== customerId;
    try {
      const context = await this.voiceprints.claimContext(tenantId, customerId);
      if (context.kind === 'ready') this.tellUse(session, context);
      const screening = await this.screening.admission(tenantId, customerId);
      await this.enrolments.recheck(session);
      if (isOvertaken()) return;
      this.unchecked.delete(session.callId);
      session.apply(context, screening);
      if (screening.lists.length === 0) this.flags.forgetMatch(session);
      if (context.kind === 'opted-out') this.forgetVoice(session, customerId);
    } catch (error) {
      if (isOvertaken()) return;
      this.logger.error({ err: error, callId: session.callId }, 'consent could not be checked');
      this.unchecked.add(session.callId);
      session.failClosed();
    }
  }

  /** The call is over. */
  forget({ callId }: CallSession): void {
    this.unchecked.delete(callId);
  }

  private tellUse(session: CallSession, used: Extract<ClaimContext, { kind: 'ready' }>): void {
    const use = `${used.voiceprintId} ${used.consentId}`;
    if (this.told.get(session) === use) return;
    this.told.set(session, use);
    this.audit.add(session.description.tenantId, voiceprintUsed(session.callId, used));
  }

  /** The session has let go of the voice; what the event log and the call's row say of it goes too. */
  private forgetVoice(session: CallSession, customerId: CustomerId): void {
    this.flags.forget(session);
    if (!this.told.delete(session)) return;
    const { callId, description } = session;
    const { tenantId } = description;
    const reason = 'consent-withdrawn';
    const at = new Date(this.clock.nowMs());
    this.writer.add({ tenantId, callId, at, kind: 'voice-forgotten', payload: { reason } });
    this.audit.add(tenantId, voiceForgotten(callId, customerId));
  }

  private tick(): void {
    const now = this.clock.nowMs();
    for (const session of this.registry.all()) {
      const endsMs = session.validUntilMs;
      const ended = endsMs !== null && endsMs <= now;
      const isBlind = this.feed.isBlind(session.description.tenantId);
      if (ended || isBlind) session.pause();
      if (ended || isBlind || this.unchecked.has(session.callId)) void this.askOnce(session);
    }
  }

  /** A database slower than the tick gets its answer in before it is asked again. */
  private async askOnce(session: CallSession): Promise<void> {
    if (this.asking.has(session)) return;
    this.asking.add(session);
    await this.recheck(session);
    this.asking.delete(session);
  }
}
