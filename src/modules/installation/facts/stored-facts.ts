import type { EntityManager } from 'typeorm';
import type { CallId, TenantId, TokenId } from '../../../core/ids.js';
import type { JsonObject } from '../../../core/privacy/chain.js';
import type { FactAction, FactDetails, StoredFact } from './fact.js';
import { auditRecord } from './record-fact.js';

/** A row of audit_entries. */
export interface StoredAudit {
  readonly tenant_id: TenantId;
  readonly seq: string;
  readonly at: Date;
  readonly action: string;
  readonly by_token: TokenId | null;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly call_id: CallId | null;
  readonly details: FactDetails;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** Behind `after`, in the order of the chain: which is the order of the commits, since its head stays locked until then. */
export function readChain(
  em: EntityManager,
  tenantId: TenantId,
  after: number,
  { upTo, limit }: { readonly upTo: number; readonly limit: number },
): Promise<StoredAudit[]> {
  return em.query(
    'SELECT * FROM audit_entries WHERE tenant_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4',
    [tenantId, after, upTo, limit],
  );
}

/** The same of these actions alone. */
export async function readActions<Action extends FactAction>(
  em: EntityManager,
  tenantId: TenantId,
  after: number,
  actions: readonly Action[],
  { upTo, limit }: { readonly upTo: number; readonly limit: number },
): Promise<Extract<StoredFact, { action: Action }>[]> {
  const rows = await em.query<StoredAudit[]>(
    `SELECT * FROM audit_entries WHERE tenant_id = $1 AND seq > $2 AND seq <= $3 AND action = ANY($4)
     ORDER BY seq LIMIT $5`,
    [tenantId, after, upTo, actions, limit],
  );
  return rows.map(toFact) as Extract<StoredFact, { action: Action }>[];
}

/** As it was recorded: nothing gets into the table but through recordFact. Of a newer version of Timbre it may be an action unknown here. */
export function toFact(row: StoredAudit): StoredFact {
  const { tenant_id: tenantId, at, action, by_token: by, details } = row;
  const subject = { kind: row.subject_kind, id: row.subject_id };
  const callId = row.call_id ?? undefined;
  return { tenantId, seq: Number(row.seq), at, action, by, subject, callId, details } as StoredFact;
}

export function auditRecordOf(row: StoredAudit): JsonObject {
  const { tenant_id: tenantId, at, action, by_token: by, call_id: callId, details } = row;
  const subject = { kind: row.subject_kind, id: row.subject_id };
  return auditRecord({ tenantId, at, action, by, subject, callId, details }, Number(row.seq));
}
