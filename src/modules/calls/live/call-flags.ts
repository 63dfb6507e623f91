import { Injectable } from '@nestjs/common';
import type { CallResult } from '../../../core/calls/result.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { shownOnceTakenUp, shownToAgents, type FlagState } from '../../../core/risk/flag-states.js';
import { severities, type ReasonEvidence } from '../../../core/risk/risk-reason.js';
import { Database } from '../../../platform/database/database.service.js';
import { objectsTo } from '../../people/consents/objection-store.js';
import { FlagsService } from '../../fraud/flags/flags.service.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import type { CallSession } from './call-session.js';

/** Brings a call's voice evidence to the risk assessor, and the flag that comes of it to the agent's view. */
@Injectable()
export class CallFlags {
  /** The llr last assessed of each call: the same evidence is not assessed again. */
  private readonly assessed = new WeakMap<CallSession, number>();
  /** The best watchlist match so far. */
  private readonly matches = new WeakMap<CallSession, ReasonEvidence['watchlist-match']>();

  constructor(
    private readonly flags: FlagsService,
    private readonly writer: CallEventWriter,
    private readonly database: Database,
  ) {}

  isNews(session: CallSession, { verification }: CallResult): boolean {
    if (verification.state !== 'rejected' || verification.llr === null) return false;
    const before = this.assessed.get(session);
    // A flag grows with the evidence; a nat more against the caller is worth a write, a wobble is not.
    return before === undefined || verification.llr < before - 1;
  }

  /** A claim begins, or the customer withdrew: nothing said of the voice before counts. */
  forget(session: CallSession): void {
    this.assessed.delete(session);
    this.matches.delete(session);
  }

  /** Nothing is held against lists any more: what was found is on the flag, as far as it may be. */
  forgetMatch(session: CallSession): void {
    this.matches.delete(session);
  }

  /** The voice is on a watchlist. A nat more for it is worth a write, a wobble is not. */
  async matched(session: CallSession, match: ReasonEvidence['watchlist-match']): Promise<void> {
    const before = this.matches.get(session);
    if (before !== undefined && match.llr < before.llr + 1) return;
    this.matches.set(session, match);
    try {
      await this.assess(session, session.result());
    } catch (error) {
      this.matches.delete(session);
      throw error;
    }
  }

  async assess(session: CallSession, { verification }: CallResult): Promise<void> {
    if (verification.state === 'rejected') this.assessed.set(session, verification.llr ?? 0);
    const { callId, claimedCustomerId: customerId, description } = session;
    try {
      await this.writer.flushed();
      await this.flags.assessCall(description.tenantId, {
        callId,
        customerId,
        verification,
        accountEvents: [],
        watchlistMatch: this.matches.get(session),
      });
    } catch (error) {
      // The next result tries again.
      this.assessed.delete(session);
      throw error;
    }
  }

  /** The flag of the call changed, by its voice, by what was done on the account or by a reviewer. Watchers of the event log hear of it from flag-telling.ts. */
  async refresh(session: CallSession): Promise<void> {
    const { callId, description, claimedCustomerId } = session;
    const flags = await this.flags.forCall(description.tenantId, callId);
    const shownStates = await this.statesShown(description.tenantId, claimedCustomerId);
    const standing = flags
      .filter(({ state }) => shownStates.includes(state))
      .filter(({ customerId }) => customerId === null || customerId === claimedCustomerId)
      .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))[0];
    const shown = standing && {
      severity: standing.severity,
      reasons: standing.reasons.map(({ code }) => code),
    };
    session.showFlag(shown ?? null);
  }

  private async statesShown(
    tenantId: TenantId,
    customerId: CustomerId | null,
  ): Promise<readonly FlagState[]> {
    if (customerId === null) return shownToAgents;
    const optedOut = await this.database.forTenant(tenantId, (em) => objectsTo(em, customerId, 'profiling'));
    return optedOut ? shownOnceTakenUp : shownToAgents;
  }
}
