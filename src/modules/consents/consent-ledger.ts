import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../core/ids.js';
import type { ConsentEntry } from '../../core/privacy/consent.js';
import { ConsentEntryRow } from './consent-entry.entity.js';

/** All that was ever recorded for the customer, in order. */
export async function readLedger(em: EntityManager, customerId: CustomerId): Promise<ConsentEntry[]> {
  return (await readLedgerRows(em, customerId)).map(toEntry);
}

export function readLedgerRows(em: EntityManager, customerId: CustomerId): Promise<ConsentEntryRow[]> {
  return em.find(ConsentEntryRow, { where: { customerId }, order: { entryId: 'ASC' } });
}

export function toEntry(row: ConsentEntryRow): ConsentEntry {
  const { consentId, purposes } = row;
  switch (row.kind) {
    case 'granted':
      return {
        kind: 'granted',
        consentId,
        purposes,
        givenAtMs: row.givenAt.getTime(),
        validUntilMs: row.validUntil?.getTime() ?? null,
      };
    case 'withdrawn':
      return { kind: 'withdrawn', consentId, purposes, atMs: row.recordedAt.getTime() };
  }
}
