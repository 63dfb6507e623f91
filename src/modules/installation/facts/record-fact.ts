import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import type { JsonObject } from '../../../core/privacy/chain.js';
import { wakeFactReaders } from '../../../platform/event-bus/facts-wake-up.js';
import type { Fact, FactDetails } from './fact.js';
import { takePlaces } from './ledger.js';

/** A fact as it is chained, stored and exported: the audit log's entry. */
export type FactRow = Fact & { readonly tenantId: TenantId; readonly at: Date };

/**
 * Adds to the tenant's audit log in the transaction of what it tells of, and wakes every reader of it when that is committed:
 * none is there without the others. The last thing in a transaction, since others of the tenant wait for it to end.
 */
export async function recordFact(
  em: EntityManager,
  tenantId: TenantId,
  at: Date,
  ...facts: readonly Fact[]
): Promise<void> {
  await appendFacts(
    em,
    tenantId,
    facts.map((fact) => ({ ...fact, tenantId, at })),
  );
  if (facts.length > 0) await wakeFactReaders(em);
}

export async function appendFacts(
  em: EntityManager,
  tenantId: TenantId,
  rows: readonly FactRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const links = await takePlaces(em, tenantId, 'audit', rows, auditRecord);
  const values = links.map(({ row, seq, previousHash, hash }) => ({
    tenant_id: tenantId,
    seq,
    at: row.at.toISOString(),
    action: row.action,
    by_token: row.by,
    subject_kind: row.subject.kind,
    subject_id: row.subject.id,
    call_id: row.callId ?? null,
    details: row.details ?? {},
    previous_hash: toBytea(previousHash),
    hash: toBytea(hash),
  }));
  await em.query(
    `INSERT INTO audit_entries SELECT * FROM jsonb_populate_recordset(NULL::audit_entries, $1::jsonb)`,
    [JSON.stringify(values)],
  );
}

/** What is chained of a fact, whatever version of Timbre recorded it. */
interface AuditRow {
  readonly tenantId: TenantId;
  readonly at: Date;
  readonly action: string;
  readonly by: string | null;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly callId?: string | null | undefined;
  readonly details?: FactDetails | undefined;
}

/** What of a row is chained (docs/privacy-ledger.md). Never change what is written for a version. */
export function auditRecord(row: AuditRow, seq: number): JsonObject {
  return {
    v: 1,
    ledger: 'audit',
    tenantId: row.tenantId,
    seq,
    at: row.at.toISOString(),
    action: row.action,
    by: row.by,
    subject: { kind: row.subject.kind, id: row.subject.id },
    callId: row.callId ?? null,
    details: { ...row.details },
  };
}

export function destroyedDetails(destroyed: {
  readonly voiceprints: number;
  readonly stretches: number;
  readonly keys: number;
}): FactDetails {
  const { voiceprints, stretches, keys } = destroyed;
  return { voiceprints, stretches, keys };
}

/** PostgreSQL's own text form of bytea. */
function toBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`;
}
