import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import type { ChainedRow } from '../../../core/privacy/chain.js';
import { consentRecord } from '../../people/consents/consent-record.js';
import type { ProvenConsent } from '../../people/consents/proof-check.js';
import type { LedgerName } from '../../installation/facts/ledger.js';
import { auditRecordOf, readChain } from '../../installation/facts/stored-facts.js';

export interface StoredRow extends ChainedRow {
  /** For people to find it by. */
  readonly name: string;
  /** Of a consent: what is kept beside it, to be checked with it. */
  readonly proven: ProvenConsent | null;
}

interface Page {
  readonly tenantId: TenantId;
  readonly after: number;
  readonly upTo?: number;
}

const pageSize = 1000;
const everything = Number.MAX_SAFE_INTEGER;

const readPage: Record<LedgerName, (em: EntityManager, page: Page) => Promise<StoredRow[]>> = {
  consents: readConsents,
  audit: readAudit,
};

/** The rows behind `after` in order of their numbers, a page at a time: `within` gives each page its transaction. */
export async function* storedRows(
  within: <T>(work: (em: EntityManager) => Promise<T>) => Promise<T>,
  ledger: LedgerName,
  from: Page,
): AsyncGenerator<StoredRow> {
  let { after } = from;
  for (;;) {
    const rows = await within((em) => readPage[ledger](em, { ...from, after }));
    yield* rows;
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

async function readConsents(em: EntityManager, { tenantId, after, upTo }: Page): Promise<StoredRow[]> {
  const rows: ProvenConsent[] = await em.query(
    `SELECT c.seq, c.kind, c.purposes, c.method, c.hash, c.consent_id AS "consentId", c.tenant_id AS "tenantId",
       c.customer_id AS "customerId", c.notice_version AS "noticeVersion", c.notice_language AS "noticeLanguage",
       c.notice_text AS "noticeText", c.given_at AS "givenAt", c.valid_until AS "validUntil", c.recorded_at AS "recordedAt",
       c.recorded_by AS "recordedBy", c.proof_sha256 AS "proofSha256", c.previous_hash AS "previousHash",
       p.reference AS proof, p.salt, a.details->>'signerId' AS "signerId", u.account_ref AS "accountRef"
     FROM consents c LEFT JOIN consent_proofs p ON p.consent_id = c.consent_id AND c.kind = 'granted'
       LEFT JOIN customers u ON u.customer_id = c.customer_id
       LEFT JOIN audit_entries a ON p.reference IS NOT NULL AND a.tenant_id = c.tenant_id
         AND a.subject_id = c.customer_id::text AND a.action = 'consent-granted'
         AND a.details->>'consentId' = c.consent_id::text
     WHERE c.tenant_id = $1 AND c.seq > $2 AND c.seq <= $3 ORDER BY c.seq LIMIT ${pageSize}`,
    [tenantId, after, upTo ?? everything],
  );
  return rows.map((row) => {
    const seq = Number(row.seq);
    const { previousHash, hash } = row;
    const record = consentRecord(row, seq);
    const name = `${row.kind} consent ${row.consentId}`;
    return { seq, previousHash, hash, record, name, proven: row };
  });
}

async function readAudit(em: EntityManager, { tenantId, after, upTo }: Page): Promise<StoredRow[]> {
  const rows = await readChain(em, tenantId, after, { upTo: upTo ?? everything, limit: pageSize });
  return rows.map((row) => {
    const { action, at, previous_hash: previousHash, hash } = row;
    const name = `${action} at ${at.toISOString()}`;
    return { seq: Number(row.seq), previousHash, hash, record: auditRecordOf(row), name, proven: null };
  });
}
