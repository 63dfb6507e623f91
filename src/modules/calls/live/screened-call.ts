import type { WatchlistId } from '../../../core/ids.js';
import { watchlistScreened } from '../call-log/call-audit.js';
import type { CallFlags } from './call-flags.js';
import type { CallServices } from './call-services.js';
import type { CallSession } from './call-session.js';

/**
 * Holds a call against the watchlists it is admitted to, off the way that verification takes. One search is under way at a time:
 * what is heard meanwhile is in the next one, for evidence only grows.
 */
export class ScreenedCall {
  private state: 'idle' | 'searching' | 'again' = 'idle';
  /** The screening that the audit log was told of. */
  private told: string | null = null;

  constructor(
    private readonly session: CallSession,
    private readonly flags: CallFlags,
    private readonly use: Pick<CallServices, 'watchlists' | 'audit' | 'logger'>,
  ) {}

  screen(): void {
    if (this.state !== 'idle') {
      this.state = 'again';
      return;
    }
    this.state = 'searching';
    this.search()
      .catch((error: unknown) => {
        this.use.logger.error({ err: error, callId: this.session.callId }, 'a call could not be screened');
      })
      .finally(() => {
        const isAsked = this.state === 'again';
        this.state = 'idle';
        if (isAsked) this.screen();
      });
  }

  private async search(): Promise<void> {
    const { session, use } = this;
    const heard = session.screening.soFar();
    if (heard === null) return;
    const { lists, ...voice } = heard;
    this.tell(lists);
    const match = await use.watchlists.screen(session.description.tenantId, lists, voice);
    voice.direction.fill(0);
    // Withdrawn, closed or claimed anew while the search was under way: its answer is nobody's.
    if (match !== undefined && session.screening.isStill(heard)) await this.flags.matched(match);
  }

  private tell(lists: readonly WatchlistId[]): void {
    const { claimedCustomerId, description, callId } = this.session;
    const use = `${claimedCustomerId ?? ''} ${lists.join()}`;
    if (claimedCustomerId === null || this.told === use) return;
    this.told = use;
    this.use.audit.add(description.tenantId, watchlistScreened(callId, claimedCustomerId, lists));
  }
}
