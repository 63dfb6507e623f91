import type { WatchlistId } from '../../../core/ids.js';
import type { ListBasis } from '../../../core/watchlist/list-basis.js';
import type { ScreenedList } from '../../../core/watchlist/screening-gate.js';
import type { Watchlist } from './watchlist.entity.js';

export interface ListDefinition extends ScreenedList {
  readonly listId: WatchlistId;
  readonly name: string;
}

export function basisOf({ ground, residences, unknownResidence, reviewBy }: Watchlist): ListBasis {
  return { ground, residences, unknownResidence, reviewByMs: reviewBy.getTime() };
}

export function definitionOf(row: Watchlist): ListDefinition {
  return { ...basisOf(row), listId: row.listId, name: row.name, reach: row.reach };
}
