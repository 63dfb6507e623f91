import { compactVerify, decodeProtectedHeader, errors, importJWK } from 'jose';
import { z } from 'zod';
import { consentFields } from './consent-body.js';
import type { ConsentSigner } from './consent-signer.js';

/** What is signed: the consent, and the hash of the words that were agreed to. */
const signedConsent = z.strictObject({
  /** The business's own reference or Timbre's id. */
  customer: z.string().min(1).max(200),
  ...consentFields,
  givenAt: consentFields.givenAt.unwrap(),
  noticeTextSha256: z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 of the words in UTF-8, in hex'),
});
export type SignedConsent = z.output<typeof signedConsent>;

export type ReadStatement =
  | { readonly kind: 'genuine'; readonly consent: SignedConsent; readonly signer: ConsentSigner }
  | { readonly kind: 'refused'; readonly problem: SignatureProblem; readonly detail: string };

export type SignatureProblem = 'not-signed' | 'unknown-signer' | 'signature-invalid' | 'bad-input';

/** Reads a compact JWS (RFC 7515) whose header names one of the tenant's signers in `kid`. */
export async function readStatement(
  jws: string,
  signers: ReadonlyMap<string, ConsentSigner>,
): Promise<ReadStatement> {
  const kid = kidOf(jws);
  if (kid === undefined) return refused('not-signed', 'A compact JWS whose header has a kid is wanted.');
  const signer = signers.get(kid);
  if (signer === undefined || signer.revokedAt !== null)
    return refused('unknown-signer', `No signer ${kid} is known, or it has been revoked.`);
  let payload: Uint8Array;
  try {
    const key = await importJWK(signer.publicJwk, signer.algorithm);
    ({ payload } = await compactVerify(jws, key, { algorithms: [signer.algorithm] }));
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return refused('signature-invalid', 'The signature does not fit the consent and the signer.');
  }
  const parsed = signedConsent.safeParse(jsonOf(payload));
  if (parsed.success) return { kind: 'genuine', consent: parsed.data, signer };
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return refused('bad-input', wrong.join('; '));
}

function kidOf(jws: string): string | undefined {
  try {
    return decodeProtectedHeader(jws).kid;
  } catch {
    return undefined;
  }
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

function refused(problem: SignatureProblem, detail: string): ReadStatement {
  return { kind: 'refused', problem, detail };
}
