import type { EntityManager } from 'typeorm';
import type { TokenId, WatchlistEntryId, WatchlistId } from '../../../core/ids.js';
import type { TemplateTransform } from '../../../core/speaker/template-transform.js';
import { binding, newDataKey, open, seal, wipe } from '../../../platform/crypto/envelope.js';
import type { Shares } from '../../../platform/crypto/key-shares.port.js';
import { heldEntry } from '../../people/legal-holds/held.js';
import type { KeyRing, WrappedKey } from '../../installation/tenants/key-ring.js';
import { packProtected } from '../../people/voiceprints/protected-vectors.js';
import { unpackVector } from '../../people/voiceprints/sealed-forms.js';
import type { EntryEnd, WatchlistEntry } from './watchlist-entry.entity.js';

type Place = Pick<WatchlistEntry, 'tenantId' | 'listId' | 'entryId'>;

const bindingOf = (what: 'key' | 'voice', { tenantId, listId, entryId }: Place): string =>
  binding(`watchlist_entries ${what}`, tenantId, listId, entryId);

export type SealedEntry = WrappedKey & { readonly ciphertext: Buffer; readonly protected: true };

/** Seals a voice under a key of its own, so that destroying that key destroys it wherever a copy lies. */
export async function sealEntry(
  em: EntityManager,
  place: Place,
  voice: Float32Array,
  ring: KeyRing,
): Promise<SealedEntry> {
  const key = newDataKey();
  const packed = packProtected(voice, transformOf(ring, place));
  try {
    return {
      ...(await ring.wrap(em, place.entryId, key, bindingOf('key', place))),
      ciphertext: seal(key, packed, bindingOf('voice', place)),
      protected: true,
    };
  } finally {
    wipe(key);
    wipe(packed);
  }
}

/** Throws when a row has been tampered with or moved: nothing then passes for a listed voice. The caller wipes the voices. */
export async function openEntries(
  em: EntityManager,
  rows: readonly WatchlistEntry[],
  ring: KeyRing,
): Promise<Float32Array[]> {
  const shares = await ring.shares(rows.filter(({ shared }) => shared).map(({ entryId }) => entryId));
  const transforms = new Map<WatchlistId, TemplateTransform>();
  const voices: Float32Array[] = [];
  for (const row of rows) {
    const kept = await openOne(em, row, ring, shares);
    if (!row.protected) {
      voices.push(kept);
      continue;
    }
    // A page of a list is of one transform: made once.
    const transform = transforms.get(row.listId) ?? transformOf(ring, row)(kept.length);
    transforms.set(row.listId, transform);
    voices.push(transform.restore(kept));
    kept.fill(0);
  }
  for (const transform of transforms.values()) transform.forget();
  for (const share of shares.values()) wipe(share);
  return voices;
}

async function openOne(
  em: EntityManager,
  row: WatchlistEntry,
  ring: KeyRing,
  shares: Shares,
): Promise<Float32Array> {
  const { wrappedKey, ciphertext, tenantKeyVersion, shared } = row;
  if (wrappedKey === null || ciphertext === null) throw new Error('the watchlist entry has ended');
  const wrapped = { wrappedKey, tenantKeyVersion, shared };
  const key = await ring.unwrap(em, row.entryId, wrapped, bindingOf('key', row), shares);
  const packed = open(key, ciphertext, bindingOf('voice', row));
  wipe(key);
  const kept = unpackVector(packed);
  wipe(packed);
  return kept;
}

function transformOf(ring: KeyRing, { listId }: Pick<Place, 'listId'>): (size: number) => TemplateTransform {
  return (size) => ring.transform(`watchlist ${listId}`, size);
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
     WHERE entry_id IN (
         SELECT t.entry_id FROM watchlist_entries AS t WHERE t.ended_at IS NULL AND t.expires_at <= $1
           AND NOT ${heldEntry('t.entry_id')} LIMIT $2)
       AND ended_at IS NULL RETURNING entry_id, list_id, expires_at`,
    [new Date(nowMs), limit],
  );
  return rows.map(({ entry_id, list_id, expires_at }) => ({
    entryId: entry_id,
    listId: list_id,
    dueAtMs: expires_at.getTime(),
  }));
}
