/** Exact search for the nearest of many voices, in a thread of its own. Holds what it is given and asks nobody: who calls it has. */
export interface WatchlistSearch {
  /** Adds unit vectors, one after the other, to a list; an id that is there already is replaced. Resolves when searches find them. */
  add(listId: string, entryIds: readonly string[], vectors: Float32Array): Promise<void>;
  /** Overwrites entries; null: the whole list. Resolves when no search finds them any more. */
  remove(listId: string, entryIds: readonly string[] | null): Promise<void>;
  /** The nearest entry of these lists to a unit vector. */
  search(listIds: readonly string[], query: Float32Array): Promise<SearchOutcome>;
  /** Called when the thread died and what it held is gone; returns the function that ends this. */
  onLost(listener: () => void): () => void;
  status(): WatchlistSearchStatus;
}

export const WATCHLIST_SEARCH = Symbol('WatchlistSearch');

export type SearchOutcome =
  | { readonly kind: 'found'; readonly best: NearestEntry; readonly entries: number }
  | { readonly kind: 'empty' }
  /** Too many searches were waiting, or the thread died: nothing is known. */
  | { readonly kind: 'dropped' };

export interface NearestEntry {
  readonly listId: string;
  readonly entryId: string;
  readonly cosine: number;
}

export interface WatchlistSearchStatus {
  readonly entries: number;
  readonly waiting: number;
  readonly searched: number;
  readonly dropped: number;
  readonly restarts: number;
}
