import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import { CALL_SCREENING, type CallScreening } from '../../../core/watchlist/call-screening.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { CallRegistry } from './call-registry.js';

/** How often standing claims are looked at: for an end of consent or voiceprint that comes by itself, or that nobody could tell of. */
const tickMs = 500;

/** What is of all calls that live on this process: claims that end by themselves, lists that change. */
@Injectable()
export class LiveCalls implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly registry: CallRegistry,
    private readonly feed: FactFeed,
    @Inject(CALL_SCREENING) private readonly watchlists: CallScreening,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      const nowMs = this.clock.nowMs();
      for (const call of this.registry.all())
        call.check.tick(nowMs, this.feed.isBlind(call.description.tenantId));
    }, tickMs);
    this.timer.unref();
    // Who is admitted to what may have changed, and every voice meets the new entries now.
    this.unsubscribe = this.watchlists.onChanged((tenantId) => {
      for (const call of this.registry.ofTenant(tenantId)) {
        void call.check.recheck().then(() => {
          call.screened.screen();
        });
      }
    });
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.unsubscribe?.();
  }

  /** Timbre is going away: every platform is told in its own protocol's words, which closes its calls. */
  endAll(): void {
    for (const call of this.registry.all()) call.line.end('shutdown');
  }
}
