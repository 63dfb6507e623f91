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
