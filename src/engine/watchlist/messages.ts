import type { NearestEntry } from './watchlist.port.js';

export interface SearchSetup {
  /** Numbers in a vector. */
  readonly size: number;
}

export type ToSearch =
  | {
      readonly kind: 'add';
      readonly id: number;
      readonly listId: string;
      readonly entryIds: readonly string[];
      readonly vectors: Float32Array;
    }
  | {
      readonly kind: 'remove';
      readonly id: number;
      readonly listId: string;
      readonly entryIds: readonly string[] | null;
    }
  | {
      readonly kind: 'search';
      readonly id: number;
      readonly listIds: readonly string[];
      readonly query: Float32Array;
    };

export type FromSearch =
  | { readonly kind: 'changed'; readonly id: number; readonly entries: number }
  | {
      readonly kind: 'found';
      readonly id: number;
      readonly best: NearestEntry | undefined;
      readonly entries: number;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
