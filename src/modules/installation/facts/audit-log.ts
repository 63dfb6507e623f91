import type { EntityManager } from 'typeorm';
import type { CallId, TenantId, TokenId } from '../../../core/ids.js';
import type { JsonObject } from '../../../core/privacy/chain.js';
import { takePlaces } from './ledger.js';

export type AuditAction =
  | 'voiceprint-used'
  | 'voiceprint-enrolled'
  | 'voiceprint-revoked'
  | 'verification-decided'
  | 'voice-forgotten'
  | 'enrolment-speech-kept'
  | 'watchlist-screened'
  | 'flag-raised'
  | 'flag-grew'
  | 'flag-customer-named'
  | 'flag-measurements-destroyed'
  | 'flag-reviewed'
  | 'consent-granted'
  | 'consent-withdrawn'
  | 'notice-added'
  | 'residence-changed'
  | 'retention-swept'
  | 'legal-hold-placed'
  | 'legal-hold-released'
  | 'consent-signer-added'
  | 'consent-signer-revoked'
  | 'policy-changed'
  | 'centre-changed'
  | 'token-created'
  | 'token-revoked'
  | 'telephony-credential-added'
  | 'telephony-credential-revoked'
  | 'watchlist-created'
  | 'watchlist-reviewed'
  | 'watchlist-closed'
  | 'watchlist-entry-added'
  | 'watchlist-entry-erased'
  | 'self-service-link-issued'
  | 'self-service-link-refused'
  | 'self-service-opened'
  | 'self-service-used'
  | 'customer-erased'
  | 'request-received'
  | 'request-confirmed'
  | 'request-identity-checked'
  | 'request-started'
  | 'request-extended'
  | 'request-reminder'
  | 'request-fulfilled'
  | 'request-refused'
  | 'request-reopened'
  | 'objection-taken-back'
  | 'data-bundle-released'
  | 'tenant-key-rotation-begun'
  | 'tenant-key-rotated'
  | 'master-key-rotated'
  | 'audit-exported';

export interface AuditSubject {
  readonly kind:
    | 'customer'
    | 'policy'
    | 'centre'
    | 'token'
    | 'telephony-credential'
    | 'notice'
    | 'consent-signer'
    | 'watchlist'
    | 'watchlist-entry'
    | 'retention-run'
    | 'legal-hold'
    | 'flag'
    | 'request'
    | 'key'
    | 'audit';
  readonly id: string;
}

/** Whole numbers, ids and words of Timbre's own: never a biometric, a phone number, a secret, or what somebody typed about a person. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface AuditEvent {
  readonly action: AuditAction;
  /** Null: Timbre itself. */
  readonly by: TokenId | null;
  readonly subject: AuditSubject;
  readonly callId?: CallId;
  readonly details?: AuditDetails;
}

/** An entry as it is chained, stored and exported. */
export interface AuditRow extends AuditEvent {
  readonly tenantId: TenantId;
  readonly at: Date;
}

/**
 * Adds to the tenant's audit log in the transaction of what it tells of: neither is there without the other. The last thing in
 * a transaction, since others of the tenant wait for it to end.
 */
export async function recordAudit(
  em: EntityManager,
  tenantId: TenantId,
  at: Date,
  ...events: readonly AuditEvent[]
): Promise<void> {
  await appendAudit(
    em,
    tenantId,
    events.map((event) => ({ ...event, tenantId, at })),
  );
}

export async function appendAudit(
  em: EntityManager,
  tenantId: TenantId,
  rows: readonly AuditRow[],
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
}): AuditDetails {
  const { voiceprints, stretches, keys } = destroyed;
  return { voiceprints, stretches, keys };
}

/** PostgreSQL's own text form of bytea. */
function toBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString('hex')}`;
}
