import { calculateJwkThumbprint } from 'jose';
import { sha256OfText } from '../../../platform/crypto/sha256.js';
import type { ConsentEntryRow } from './consent-entry.entity.js';
import { proofHash } from './consent-record.js';
import type { ConsentSigner } from './consent-signer.js';
import { readStatement, type SignedConsent } from './signed-consent.js';

/** A consent of the ledger with what is kept beside it. */
export interface ProvenConsent extends Omit<ConsentEntryRow, 'entryId'> {
  /** Null: there is none, or it was erased. Its hash then vouches for nothing but that there was one. */
  readonly proof: string | null;
  readonly salt: Buffer | null;
  /** Whose signature was trusted when it was imported, as the audit log has it; null: it was not signed. */
  readonly signerId: string | null;
  /** The business's name for the customer; null: erased. */
  readonly accountRef: string | null;
}

/** What does not hold of a consent's proof, in words that follow its name; null: nothing. */
export async function proofFinding(
  row: ProvenConsent,
  signers: ReadonlyMap<string, ConsentSigner>,
): Promise<string | null> {
  const { proof, salt, proofSha256, signerId } = row;
  if (proof === null || salt === null) return null;
  if (proofSha256?.equals(proofHash(salt, proof)) !== true)
    return 'the proof kept with it is not the one it was recorded with';
  return signerId === null ? null : signatureFinding(row, proof, signers.get(signerId));
}

async function signatureFinding(
  row: ProvenConsent,
  proof: string,
  signer: ConsentSigner | undefined,
): Promise<string | null> {
  if (signer === undefined) return 'the key that it was signed with is not kept any more';
  // The audit log holds the thumbprint alone, and so vouches for the key (RFC 7638).
  if ((await calculateJwkThumbprint(signer.publicJwk)) !== signer.signerId)
    return 'the key kept for its signer is not the one that was trusted';
  // What a signer signed before it was revoked stands.
  const trusted = new Map([[signer.signerId, { ...signer, revokedAt: null }]]);
  const read = await readStatement(proof, trusted);
  if (read.kind === 'refused') return 'the signature of its proof does not hold';
  const differing = differences(row, read.consent);
  return differing.length === 0 ? null : `it is not what was signed: ${differing.join(', ')}`;
}

function differences(row: ProvenConsent, signed: SignedConsent): string[] {
  const holds: Record<string, boolean> = {
    customer: row.accountRef === null || [row.accountRef, row.customerId].includes(signed.customer),
    purposes: [...row.purposes].sort().join() === [...signed.purposes].sort().join(),
    noticeVersion: row.noticeVersion === signed.noticeVersion,
    noticeLanguage: row.noticeLanguage === signed.noticeLanguage,
    notice: sha256OfText(row.noticeText).toString('hex') === signed.noticeTextSha256,
    givenAt: row.givenAt.getTime() === Date.parse(signed.givenAt),
    validUntil:
      (row.validUntil?.getTime() ?? null) ===
      (signed.validUntil === undefined ? null : Date.parse(signed.validUntil)),
  };
  return Object.keys(holds).filter((field) => holds[field] === false);
}
