import { Watchlist } from './watchlist.entity.js';
import { WatchlistEntry } from './watchlist-entry.entity.js';

export const watchlistsEntities = [Watchlist, WatchlistEntry];
