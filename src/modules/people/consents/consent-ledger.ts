import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import { consentMethods, type ConsentEntry, type ConsentMethod } from '../../../core/privacy/consent.js';
import { withAskedAgain, type NoticeVersion } from '../../../core/privacy/notices.js';
import { takePlaces } from '../../installation/facts/ledger.js';
import { ConsentEntryRow } from './consent-entry.entity.js';
import { consentRecord } from './consent-record.js';
import { readAskingNotices } from './notice-store.js';
import { readObjections, toLedgerEntry } from './objection-store.js';

/** All that was ever recorded for the customer, in order, objections among it, and what of it is asked about again. */
export async function readLedger(em: EntityManager, customerId: CustomerId): Promise<ConsentEntry[]> {
  const rows = await readLedgerRows(em, customerId);
  const entries = rows.length === 0 ? [] : toEntries(rows, await readAskingNotices(em));
  const objections = await readObjections(em, customerId);
  // Rows keep their places whatever the clock said: one that was set back must not put a withdrawal before what it withdraws.
  let latestMs = -Infinity;
  const recorded = [
    ...rows.map((row, index) => {
      latestMs = Math.max(latestMs, row.recordedAt.getTime());
      return { atMs: latestMs, entry: entries[index] };
    }),
    ...objections.map((objection) => ({ atMs: objection.at.getTime(), entry: toLedgerEntry(objection) })),
  ];
  // A stable sort: of one moment, an objection comes after the consent, as the stricter reading.
  return recorded.sort((left, right) => left.atMs - right.atMs).flatMap(({ entry }) => entry ?? []);
}

export function readLedgerRows(em: EntityManager, customerId: CustomerId): Promise<ConsentEntryRow[]> {
  return em.find(ConsentEntryRow, { where: { customerId }, order: { seq: 'ASC' } });
}

export function toEntries(
  rows: readonly ConsentEntryRow[],
  notices: readonly NoticeVersion[],
): ConsentEntry[] {
  return rows.map((row) => withAskedAgain(toEntry(row), row.noticeVersion, notices));
}

/** The row with its place in the tenant's chain. Late in its transaction: other consents of the tenant wait for it to end. */
export async function appendConsent(
  em: EntityManager,
  row: Omit<ConsentEntryRow, 'entryId' | 'seq' | 'previousHash' | 'hash'>,
): Promise<void> {
  for (const link of await takePlaces(em, row.tenantId, 'consents', [row], consentRecord))
    await em.insert(ConsentEntryRow, {
      ...row,
      seq: String(link.seq),
      previousHash: Buffer.from(link.previousHash),
      hash: Buffer.from(link.hash),
    });
}

/** What the database holds of before the methods were named counts as the weakest of them. */
function methodOf({ method }: ConsentEntryRow): ConsentMethod {
  return consentMethods.find((known) => known === method) ?? 'read-by-agent';
}

function toEntry(row: ConsentEntryRow): ConsentEntry {
  const { consentId, purposes } = row;
  switch (row.kind) {
    case 'granted':
      return {
        kind: 'granted',
        consentId,
        purposes,
        method: methodOf(row),
        givenAtMs: row.givenAt.getTime(),
        validUntilMs: row.validUntil?.getTime() ?? null,
      };
    case 'withdrawn':
      return { kind: 'withdrawn', consentId, purposes, atMs: row.recordedAt.getTime() };
  }
}
