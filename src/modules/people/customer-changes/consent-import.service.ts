import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { ConsentId, CustomerId, TenantId } from '../../../core/ids.js';
import { sha256OfText } from '../../../platform/crypto/sha256.js';
import { Database } from '../../../platform/database/database.service.js';
import { errorCode } from '../../../platform/error-code.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { readSigners } from '../consents/consent-signer.js';
import { readNotices } from '../consents/notice-store.js';
import { readStatement, type SignedConsent } from '../consents/signed-consent.js';
import { ConsentGiving } from './consent-giving.service.js';

/** What became of one signed consent; `index` is its place in what was sent. */
export type ImportOutcome = { readonly index: number } & Became;
type Became =
  | { readonly kind: 'recorded' | 'already-recorded'; readonly consentId: ConsentId }
  | { readonly kind: 'refused'; readonly problem: string; readonly detail: string };

/** SQLSTATE 23505. */
const uniqueViolation = '23505';

/** Consents that another system of the business has taken and signed. Each is recorded or refused by itself, and counts once. */
@Injectable()
export class ConsentImport {
  constructor(
    private readonly database: Database,
    private readonly giving: ConsentGiving,
  ) {}

  async import(by: Principal, statements: readonly string[]): Promise<ImportOutcome[]> {
    const signers = await this.database.forTenant(by.tenantId, readSigners);
    const known = new Map(signers.map((signer) => [signer.signerId, signer]));
    const outcomes: ImportOutcome[] = [];
    for (const [index, jws] of statements.entries()) {
      const read = await readStatement(jws, known);
      if (read.kind === 'refused') outcomes.push({ index, ...read });
      else outcomes.push({ index, ...(await this.record(by, jws, read.consent, read.signer.signerId)) });
    }
    return outcomes;
  }

  private async record(by: Principal, jws: string, signed: SignedConsent, signerId: string): Promise<Became> {
    const { purposes, noticeVersion, noticeLanguage, givenAt, validUntil } = signed;
    const consent = { purposes, noticeVersion, noticeLanguage, givenAt, validUntil };
    const signedSha256 = sha256OfText(jws);
    try {
      const found = await this.database.forTenant(by.tenantId, (em) =>
        lookUp(em, by.tenantId, signed, signedSha256),
      );
      if (found.already !== undefined) return { kind: 'already-recorded', consentId: found.already };
      const whole = { ...consent, method: 'signed-import', proofReference: jws } as const;
      const { consentId } = await this.giving.give(by, found.customerId, whole, { signerId, signedSha256 });
      return { kind: 'recorded', consentId };
    } catch (error) {
      // Sent twice at once: the other one was first.
      if (errorCode(error) === uniqueViolation) return this.record(by, jws, signed, signerId);
      if (!(error instanceof ProblemError)) throw error;
      const { slug, title, options } = error;
      const fields = options.errors?.map(({ field, expected }) => `${field}: ${expected}`) ?? [];
      return { kind: 'refused', problem: slug, detail: [options.detail ?? title, ...fields].join(' ') };
    }
  }
}

async function lookUp(
  em: EntityManager,
  tenantId: TenantId,
  { customer, noticeVersion, noticeLanguage, noticeTextSha256 }: SignedConsent,
  signedSha256: Buffer,
): Promise<{ readonly customerId: CustomerId; readonly already: ConsentId | undefined }> {
  const [before] = await em.query<{ consent_id: ConsentId }[]>(
    'SELECT consent_id FROM consent_proofs WHERE tenant_id = $1 AND signed_sha256 = $2',
    [tenantId, signedSha256],
  );
  const [row] = await em.query<{ customer_id: CustomerId }[]>(
    'SELECT customer_id FROM customers WHERE account_ref = $1 OR customer_id::text = $1',
    [customer],
  );
  if (row === undefined) throw new ProblemError(404, 'customer-not-found', 'There is no such customer');
  const notice = (await readNotices(em)).find(
    ({ version, language }) => version === noticeVersion && language === noticeLanguage,
  );
  if (notice !== undefined && sha256OfText(notice.text).toString('hex') !== noticeTextSha256) {
    throw new ProblemError(409, 'notice-differs', 'Other words were agreed to', {
      detail: `${noticeVersion} (${noticeLanguage}) has other words than those whose hash was signed. Nothing was recorded.`,
    });
  }
  return { customerId: row.customer_id, already: before?.consent_id };
}
