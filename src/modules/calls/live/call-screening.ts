import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { WatchlistId } from '../../../core/ids.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { WatchlistDirectory } from '../../fraud/watchlists/watchlist-directory.js';
import { WatchlistScreening } from '../../fraud/watchlists/watchlist-screening.js';
import { watchlistScreened } from '../call-log/call-audit.js';
import { CallFlags } from './call-flags.js';
import { CallRegistry } from '../call-log/call-registry.js';
import type { CallSession } from './call-session.js';
import { ClaimChecks } from './claim-checks.js';
import { LiveCalls } from './live-calls.js';

/**
 * Holds calls against the watchlists they are admitted to, off the way that verification takes. One search a call is under way at
 * a time: what is heard meanwhile is in the next one, for evidence only grows.
 */
@Injectable()
export class CallScreening implements OnModuleInit, OnModuleDestroy {
  private readonly searching = new WeakMap<CallSession, 'searching' | 'again'>();
  /** The screening that the audit log was told of. */
  private readonly told = new WeakMap<CallSession, string>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly screening: WatchlistScreening,
    private readonly directory: WatchlistDirectory,
    private readonly registry: CallRegistry,
    private readonly calls: LiveCalls,
    private readonly checks: ClaimChecks,
    private readonly flags: CallFlags,
    private readonly audit: AuditWriter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.calls.onScreenedSegment((session) => {
      this.screen(session);
    });
    // A list or an entry has come or gone: who is admitted to what may have changed, and every voice meets the new entries now.
    this.unsubscribe = this.directory.onChanged((tenantId) => {
      for (const session of this.registry.ofTenant(tenantId)) {
        void this.checks.recheck(session).then(() => {
          this.screen(session);
        });
      }
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  private screen(session: CallSession): void {
    if (this.searching.has(session)) {
      this.searching.set(session, 'again');
      return;
    }
    this.searching.set(session, 'searching');
    this.search(session)
      .catch((error: unknown) => {
        this.logger.error({ err: error, callId: session.callId }, 'a call could not be screened');
      })
      .finally(() => {
        const again = this.searching.get(session) === 'again';
        this.searching.delete(session);
        if (again) this.screen(session);
      });
  }

  private tell(session: CallSession, lists: readonly WatchlistId[]): void {
    const { claimedCustomerId, description, callId } = session;
    const use = `${claimedCustomerId ?? ''} ${lists.join()}`;
    if (claimedCustomerId === null || this.told.get(session) === use) return;
    this.told.set(session, use);
    this.audit.add(description.tenantId, watchlistScreened(callId, claimedCustomerId, lists));
  }

  private async search(session: CallSession): Promise<void> {
    const heard = session.screenedSoFar();
    if (heard === null) return;
    const { lists, ...voice } = heard;
    this.tell(session, lists);
    const match = await this.screening.screen(session.description.tenantId, lists, voice);
    voice.direction.fill(0);
    // Withdrawn, closed or claimed anew while the search was under way: its answer is nobody's.
    if (match !== undefined && session.isStillScreened(heard)) await this.flags.matched(session, match);
  }
}
