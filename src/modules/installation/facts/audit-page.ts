import type { EntityManager } from 'typeorm';
import type { JsonObject } from '../../../core/privacy/chain.js';
import { auditRecordOf, type StoredAudit } from './stored-facts.js';

export interface AuditQuery {
  readonly subjectId?: string | undefined;
  readonly callId?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  /** Up to, not with. */
  readonly to?: Date | undefined;
  /** Entries below this number. */
  readonly before?: number | undefined;
}

/** An entry as it is chained, and its hash. */
export type AuditEntryView = JsonObject & { readonly hash: string };

export interface AuditPage {
  readonly entries: readonly AuditEntryView[];
  /** For the next page's `before`; null on the last. */
  readonly next: number | null;
}

/** Newest first. */
export async function readAuditPage(em: EntityManager, asked: AuditQuery, limit: number): Promise<AuditPage> {
  const rows: StoredAudit[] = await em.query(
    `SELECT * FROM audit_entries
     WHERE tenant_id = timbre_tenant() AND ($1::text IS NULL OR subject_id = $1) AND ($2::uuid IS NULL OR call_id = $2)
       AND ($3::text IS NULL OR action = $3) AND ($4::timestamptz IS NULL OR at >= $4)
       AND ($5::timestamptz IS NULL OR at < $5) AND ($6::bigint IS NULL OR seq < $6)
     ORDER BY seq DESC LIMIT $7`,
    [
      asked.subjectId ?? null,
      asked.callId ?? null,
      asked.action ?? null,
      asked.from ?? null,
      asked.to ?? null,
      asked.before ?? null,
      limit + 1,
    ],
  );
  const shown = rows.slice(0, limit);
  const entries = shown.map((row) => ({ ...auditRecordOf(row), hash: row.hash.toString('hex') }));
  return { entries, next: rows.length > limit ? Number(shown.at(-1)?.seq) : null };
}

/** For the documentation. */
export const exampleEntry = {
  hash: '5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456',
  previousHash: '0000000000000000000000000000000000000000000000000000000000000000',
  record: {
    action: 'policy-changed',
    at: '2026-03-01T09:30:00.000Z',
    by: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11',
    callId: null,
    details: { version: 4 },
    ledger: 'audit',
    seq: 1,
    subject: { id: '4', kind: 'policy' },
    tenantId: '7c1f0f3e-4c5b-4f0a-9a44-0f3f0f6f3a55',
    v: 1,
  },
};
