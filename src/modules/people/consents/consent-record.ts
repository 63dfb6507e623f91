import type { JsonObject } from '../../../core/privacy/chain.js';
import { sha256, sha256OfText } from '../../../platform/crypto/sha256.js';
import type { ConsentEntryRow } from './consent-entry.entity.js';

type Recorded = Omit<ConsentEntryRow, 'entryId' | 'seq' | 'previousHash' | 'hash'>;

/**
 * What of a row is chained (docs/privacy-ledger.md): ids, times and hashes of texts. A person's erasure therefore changes
 * nothing here. Never change what is written for a version: it is what old hashes were made of.
 */
export function consentRecord(row: Recorded, seq: number): JsonObject {
  return {
    v: 1,
    ledger: 'consents',
    tenantId: row.tenantId,
    seq,
    kind: row.kind,
    consentId: row.consentId,
    customerId: row.customerId,
    purposes: row.purposes,
    noticeVersion: row.noticeVersion,
    noticeLanguage: row.noticeLanguage,
    noticeTextSha256: sha256OfText(row.noticeText).toString('hex'),
    method: row.method,
    proofSha256: row.proofSha256?.toString('hex') ?? null,
    givenAt: row.givenAt.toISOString(),
    validUntil: row.validUntil?.toISOString() ?? null,
    recordedAt: row.recordedAt.toISOString(),
    recordedBy: row.recordedBy,
  };
}

/** Salted: a reference that can be guessed (a name, a number) is not to be found by trying once its text is erased. */
export function proofHash(salt: Uint8Array, reference: string): Buffer {
  return sha256(salt, Buffer.from(reference, 'utf8'));
}
