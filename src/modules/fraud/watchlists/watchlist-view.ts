import type { Watchlist } from './watchlist.entity.js';
import type { WatchlistEntry } from './watchlist-entry.entity.js';

export interface WatchlistView extends Pick<
  Watchlist,
  | 'listId'
  | 'name'
  | 'purpose'
  | 'ground'
  | 'legalReference'
  | 'residences'
  | 'unknownResidence'
  | 'reach'
  | 'approvedBy'
> {
  readonly approvedAt: string;
  readonly reviewBy: string;
  readonly createdAt: string;
  readonly closedAt: string | null;
  /** Voices kept now. */
  readonly entries: number;
  /** Whether calls are held against it now, and if not, why not. */
  readonly state: 'in-force' | 'review-overdue' | 'closed';
}

export function listView(row: Watchlist, entries: number, nowMs: number): WatchlistView {
  const { listId, name, purpose, ground, legalReference, residences, unknownResidence, reach, approvedBy } =
    row;
  return {
    listId,
    name,
    purpose,
    ground,
    legalReference,
    residences,
    unknownResidence,
    reach,
    approvedBy,
    approvedAt: row.approvedAt.toISOString(),
    reviewBy: row.reviewBy.toISOString(),
    createdAt: row.createdAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    entries,
    state: row.closedAt !== null ? 'closed' : row.reviewBy.getTime() <= nowMs ? 'review-overdue' : 'in-force',
  };
}

/** Never the voice itself. */
export interface EntryView extends Pick<
  WatchlistEntry,
  | 'entryId'
  | 'listId'
  | 'reference'
  | 'basisNote'
  | 'reviewedBy'
  | 'releaseReference'
  | 'residence'
  | 'modelId'
  | 'netSpeechMs'
  | 'source'
  | 'callId'
  | 'endedReason'
> {
  readonly addedAt: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  /** `other-model`: made by a model that is not the current one, so no call is held against it. */
  readonly state: 'active' | 'other-model' | 'ended';
}

export function entryView(row: WatchlistEntry, modelSha256: string): EntryView {
  const { entryId, listId, reference, basisNote, reviewedBy, releaseReference, residence } = row;
  const { modelId, netSpeechMs, source, callId, endedReason } = row;
  return {
    entryId,
    listId,
    reference,
    basisNote,
    reviewedBy,
    releaseReference,
    residence,
    modelId,
    netSpeechMs,
    source,
    callId,
    endedReason,
    addedAt: row.addedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    state: row.endedAt !== null ? 'ended' : row.modelSha256 === modelSha256 ? 'active' : 'other-model',
  };
}
