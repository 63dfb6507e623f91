import type { ClaimContext } from '../../../core/calls/claim-context.js';
import type { CustomerId } from '../../../core/ids.js';
import { voiceForgotten, voiceprintUsed } from '../call-log/call-audit.js';
import type { CallEnrolment } from './call-enrolment.js';
import type { CallFlags } from './call-flags.js';
import type { CallServices } from './call-services.js';
import type { CallSession } from './call-session.js';

/** Keeps a live call to what its claimed customer's consent and voiceprint say now. */
export class ClaimCheck {
  /** Consent could not be checked: it is asked again at the next tick. */
  private isUnchecked = false;
  private turn = 0;
  private isAsking = false;
  /** The use that the audit log was told of: a call that is checked again uses the same voiceprint, not another one. */
  private told: string | null = null;
  /** Something happened to the customer, and what holds of them now is not known yet: how far facts had been read before it. */
  private doubtedFrom: number | null = null;

  constructor(
    private readonly session: CallSession,
    private readonly flags: CallFlags,
    private readonly enrolment: CallEnrolment,
    private readonly use: Pick<
      CallServices,
      'voiceprints' | 'watchlists' | 'audit' | 'feed' | 'writer' | 'clock' | 'logger'
    >,
  ) {}

  /** What was allowed may be so no more: nothing is processed until it is known, and what is just being said is not written. */
  doubt(): void {
    this.doubtedFrom ??= this.readTo;
    this.session.pause();
  }

  /** How far in the tenant's facts what the call says now has been checked. */
  get readTo(): number {
    return this.doubtedFrom ?? this.use.feed.reachedOf(this.session.description.tenantId);
  }

  /** Loads what holds of the claimed customer now. Fails closed: while it cannot be known, nothing is processed. */
  async recheck(): Promise<void> {
    const { session, use } = this;
    const { tenantId } = session.description;
    const customerId = session.claimedCustomerId;
    if (customerId === null) return;
    this.turn += 1;
    const { turn } = this;
    // A slower answer to an earlier question must not undo what a later one found.
    const isOvertaken = () => this.turn !== turn || session.claimedCustomerId !== customerId;
    try {
      const context = await use.voiceprints.claimContext(tenantId, customerId);
      if (context.kind === 'ready') this.tellUse(context);
      const screening = await use.watchlists.admission(tenantId, customerId);
      await this.enrolment.recheck();
      if (isOvertaken()) return;
      this.isUnchecked = false;
      session.apply(context, screening);
      this.doubtedFrom = null;
      if (screening.lists.length === 0) this.flags.forgetMatch();
      if (context.kind === 'opted-out') this.forgetVoice(customerId);
    } catch (error) {
      if (isOvertaken()) return;
      use.logger.error({ err: error, callId: session.callId }, 'consent could not be checked');
      this.isUnchecked = true;
      session.failClosed();
      this.doubtedFrom = null;
    }
  }

  /** Looks for an end that comes by itself, of consent or voiceprint. `isBlind`: nobody could tell of one. */
  tick(nowMs: number, isBlind: boolean): void {
    const { validUntilMs } = this.session;
    const ended = validUntilMs !== null && validUntilMs <= nowMs;
    if (ended || isBlind) this.session.pause();
    if (ended || isBlind || this.isUnchecked) void this.askOnce();
  }

  /** A database slower than the tick gets its answer in before it is asked again. */
  private async askOnce(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    await this.recheck();
    this.isAsking = false;
  }

  private tellUse(used: Extract<ClaimContext, { kind: 'ready' }>): void {
    const use = `${used.voiceprintId} ${used.consentId}`;
    if (this.told === use) return;
    this.told = use;
    const { callId, description } = this.session;
    this.use.audit.add(description.tenantId, voiceprintUsed(callId, used));
  }

  /** The session has let go of the voice; what the event log and the call's row say of it goes too. */
  private forgetVoice(customerId: CustomerId): void {
    this.flags.forget();
    if (this.told === null) return;
    this.told = null;
    const { callId, description } = this.session;
    const { tenantId } = description;
    const reason = 'consent-withdrawn';
    const at = new Date(this.use.clock.nowMs());
    this.use.writer.add({ tenantId, callId, at, kind: 'voice-forgotten', payload: { reason } });
    this.use.audit.add(tenantId, voiceForgotten(callId, customerId));
  }
}
