import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import {
  WATCHLIST_SEARCH,
  type WatchlistSearch,
  type WatchlistSearchStatus,
} from '../engine/watchlist/watchlist.port.js';

@Global()
@Module({})
export class WatchlistSearchModule {
  static with(search: WatchlistSearch): DynamicModule {
    const provider = { provide: WATCHLIST_SEARCH, useValue: search };
    return { module: WatchlistSearchModule, providers: [provider], exports: [provider] };
  }
}

/** The search knows no metrics; its status is asked for whenever they are shown. */
export function observeWatchlistSearch(search: WatchlistSearch, registry: Registry): void {
  const help: Record<keyof WatchlistSearchStatus, string> = {
    entries: 'Watchlist entries held in memory',
    waiting: 'Watchlist searches under way',
    searched: 'Watchlist searches done since start-up',
    dropped: 'Watchlist searches not done because too many were waiting or the thread died',
    restarts: 'Times the watchlist thread died since start-up',
  };
  for (const [key, text] of Object.entries(help)) {
    new Gauge({
      name: `timbre_watchlist_${key}`,
      help: text,
      registers: [registry],
      collect() {
        this.set(search.status()[key as keyof WatchlistSearchStatus]);
      },
    });
  }
}
