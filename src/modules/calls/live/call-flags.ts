import type { CallResult } from '../../../core/calls/result.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { shownOnceTakenUp, shownToAgents, type FlagState } from '../../../core/risk/flag-states.js';
import { severities, type ReasonEvidence } from '../../../core/risk/risk-reason.js';
import { objectsTo } from '../../people/consents/objection-store.js';
import type { CallServices } from './call-services.js';
import type { CallSession } from './call-session.js';

/** Brings a call's voice evidence to the risk assessor, and the flag that comes of it to the agent's view. */
export class CallFlags {
  /** The llr last assessed: the same evidence is not assessed again. */
  private assessedLlr: number | null = null;
  /** The best watchlist match so far. */
  private match: ReasonEvidence['watchlist-match'] | undefined;

  constructor(
    private readonly session: CallSession,
    private readonly use: Pick<CallServices, 'risk' | 'writer' | 'database'>,
  ) {}

  isNews({ verification }: CallResult): boolean {
    if (verification.state !== 'rejected' || verification.llr === null) return false;
    // A flag grows with the evidence; a nat more against the caller is worth a write, a wobble is not.
    return this.assessedLlr === null || verification.llr < this.assessedLlr - 1;
  }

  /** A claim begins, or the customer withdrew: nothing said of the voice before counts. */
  forget(): void {
    this.assessedLlr = null;
    this.match = undefined;
  }

  /** Nothing is held against lists any more: what was found is on the flag, as far as it may be. */
  forgetMatch(): void {
    this.match = undefined;
  }

  /** The voice is on a watchlist. A nat more for it is worth a write, a wobble is not. */
  async matched(match: ReasonEvidence['watchlist-match']): Promise<void> {
    if (this.match !== undefined && match.llr < this.match.llr + 1) return;
    this.match = match;
    try {
      await this.assess(this.session.result());
    } catch (error) {
      this.match = undefined;
      throw error;
    }
  }

  async assess({ verification }: CallResult): Promise<void> {
    if (verification.state === 'rejected') this.assessedLlr = verification.llr ?? 0;
    const { callId, claimedCustomerId: customerId, description } = this.session;
    try {
      await this.use.writer.flushed();
      await this.use.risk.assessCall(description.tenantId, {
        callId,
        customerId,
        verification,
        accountEvents: [],
        watchlistMatch: this.match,
      });
    } catch (error) {
      // The next result tries again.
      this.assessedLlr = null;
      throw error;
    }
  }

  /** The flag of the call changed, by its voice, by what was done on the account or by a reviewer. Watchers of the event log hear of it from flag-telling.ts. */
  async refresh(): Promise<void> {
    const { callId, description, claimedCustomerId } = this.session;
    const flags = await this.use.risk.forCall(description.tenantId, callId);
    const shownStates = await this.statesShown(description.tenantId, claimedCustomerId);
    const standing = flags
      .filter(({ state }) => shownStates.includes(state))
      .filter(({ customerId }) => customerId === null || customerId === claimedCustomerId)
      .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))[0];
    const shown = standing && {
      severity: standing.severity,
      reasons: standing.reasons.map(({ code }) => code),
    };
    this.session.showFlag(shown ?? null);
  }

  private async statesShown(
    tenantId: TenantId,
    customerId: CustomerId | null,
  ): Promise<readonly FlagState[]> {
    if (customerId === null) return shownToAgents;
    const optedOut = await this.use.database.forTenant(tenantId, (em) =>
      objectsTo(em, customerId, 'profiling'),
    );
    return optedOut ? shownOnceTakenUp : shownToAgents;
  }
}
