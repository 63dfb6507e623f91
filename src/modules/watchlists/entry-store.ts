import type { EntityManager } from 'typeorm';
import type { TokenId, WatchlistEntryId, WatchlistId } from '../../core/ids.js';
import { binding, newDataKey, open, seal, wipe } from '../../platform/crypto/envelope.js';
import { packVector, unpackVector } from '../voiceprints/sealed-forms.js';
import { type WatchlistEntry, type EntryEnd } from './watchlist-entry.entity.js';

type Place = Pick<WatchlistEntry, 'tenantId' | 'listId' | 'entryId'>;

const bindingOf = (what: 'key' | 'voice', { tenantId, listId, entryId }: Place): string =>
  binding(`watchlist_entries ${what}`, tenantId, listId, entryId);

/** Seals a voice under a key of its own, so that destroying that key destroys it wherever a copy lies. */
export function sealEntry(
  place: Place,
  voice: Float32Array,
  tenantKey: Buffer,
): { readonly wrappedKey: Buffer; readonly ciphertext: Buffer } {
  const key = newDataKey();
  const packed = packVector(voice);
  try {
    return {
      wrappedKey: seal(tenantKey, key, bindingOf('key', place)),
      ciphertext: seal(key, packed, bindingOf('voice', place)),
    };
  } finally {
    wipe(key);
    wipe(packed);
  }
}

/** Throws when the row has been tampered with or moved: nothing then passes for a listed voice. */
export function openEntry(row: WatchlistEntry, tenantKey: Buffer): Float32Array {
  if (row.wrappedKey === null || row.ciphertext === null) throw new Error('the watchlist entry has ended');
  const key = open(tenantKey, row.wrappedKey, bindingOf('key', row));
  const packed = open(key, row.ciphertext, bindingOf('voice', row));
  wipe(key);
  const voice = unpackVector(packed);
  wipe(packed);
  return voice;
}

export type EntryChoice =
  { readonly entryId: WatchlistEntryId; readonly listId: WatchlistId } | { readonly listId: WatchlistId };

/** Destroys the keys and what they sealed. Returns the entries that this ended. */
export async function endEntries(
  em: EntityManager,
  choice: EntryChoice,
  why: { readonly reason: EntryEnd; readonly by: TokenId | null; readonly nowMs: number },
): Promise<WatchlistEntryId[]> {
  const [rows] = await em.query<[{ entry_id: WatchlistEntryId }[], number]>(
    `UPDATE watchlist_entries SET wrapped_key = NULL, ciphertext = NULL, ended_at = $1, ended_reason = $2, ended_by = $3
     WHERE list_id = $4 AND ($5::uuid IS NULL OR entry_id = $5) AND ended_at IS NULL RETURNING entry_id`,
    [new Date(why.nowMs), why.reason, why.by, choice.listId, 'entryId' in choice ? choice.entryId : null],
  );
  return rows.map(({ entry_id }) => entry_id);
}

export interface DueEntry {
  readonly entryId: WatchlistEntryId;
  readonly listId: WatchlistId;
  readonly dueAtMs: number;
}

/** Ends up to `limit` entries of the transaction's tenant that are past their date. */
export async function endDueEntries(em: EntityManager, nowMs: number, limit: number): Promise<DueEntry[]> {
  const [rows] = await em.query<
    [{ entry_id: WatchlistEntryId; list_id: WatchlistId; expires_at: Date }[], number]
  >(
    `UPDATE watchlist_entries SET wrapped_key = NULL, ciphertext = NULL, ended_at = $1, ended_reason = 'retention'
     WHERE entry_id IN (SELECT entry_id FROM watchlist_entries WHERE ended_at IS NULL AND expires_at <= $1 LIMIT $2)
       AND ended_at IS NULL RETURNING entry_id, list_id, expires_at`,
    [new Date(nowMs), limit],
  );
  return rows.map(({ entry_id, list_id, expires_at }) => ({
    entryId: entry_id,
    listId: list_id,
    dueAtMs: expires_at.getTime(),
  }));
}
