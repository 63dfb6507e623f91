import type { EntityManager } from 'typeorm';
import type { Attestation } from '../../../core/calls/intake.js';
import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import type { CallSignals } from '../../../core/risk/assess-risk.js';

/**
 * A platform that hands attestations on does so for nearly every call. Only then is one without a signal; elsewhere it says
 * nothing (many carriers and most countries have none). Judged by the tenant's last calls over the same protocol.
 */
const attestationIsUsual = { calls: 20, share: 0.9 };

/** An outbound call comes from the center's own number, which says nothing about anybody. */
const callerNumber = `CASE WHEN calls.direction = 'outbound' THEN NULL ELSE calls.ani_hash END`;

interface EvidenceRow {
  readonly failed_checks: number;
  readonly customers_of_number: number;
  readonly calls_of_customer: number;
  readonly earlier_with_number: number;
  readonly earlier_calls: number;
  readonly has_number: boolean;
  readonly attestation: Attestation | null;
  readonly expects_attestation: boolean;
}

export interface CallEvidence {
  readonly failedKnowledgeChecks: number;
  readonly signals: CallSignals;
}

/** What the tables say about a call beside its voice. Numbers are compared by their keyed hash; none is ever read. */
export async function readCallEvidence(
  em: EntityManager,
  {
    tenantId,
    callId,
    customerId,
    now,
  }: { tenantId: TenantId; callId: CallId; customerId: CustomerId | null; now: Date },
  policy: Policy,
): Promise<CallEvidence> {
  const { windowHours } = policy.risk.velocity;
  const [row] = await em.query<EvidenceRow[]>(
    `WITH this AS (SELECT ${callerNumber} AS ani_hash, opened_at, protocol, direction, attestation FROM calls WHERE call_id = $2 AND tenant_id = $1),
          lately AS (SELECT claimed_customer_id, ${callerNumber} AS ani_hash FROM calls, this WHERE tenant_id = $1 AND call_id <> $2
                       AND calls.opened_at > $4::timestamptz - make_interval(hours => $5)),
          earlier AS (SELECT ${callerNumber} AS ani_hash FROM calls, this WHERE tenant_id = $1 AND call_id <> $2
                       AND claimed_customer_id = $3 AND calls.opened_at < this.opened_at)
     SELECT (SELECT count(*)::int FROM account_events
               WHERE tenant_id = $1 AND call_id = $2 AND kind = 'failed-knowledge-check') AS failed_checks,
            (SELECT count(DISTINCT claimed_customer_id)::int FROM lately, this
               WHERE lately.ani_hash = this.ani_hash AND claimed_customer_id <> $3) AS customers_of_number,
            (SELECT count(*)::int FROM lately WHERE claimed_customer_id = $3) AS calls_of_customer,
            (SELECT count(*)::int FROM earlier, this WHERE earlier.ani_hash = this.ani_hash) AS earlier_with_number,
            (SELECT count(*)::int FROM earlier WHERE ani_hash IS NOT NULL) AS earlier_calls,
            EXISTS (SELECT FROM this WHERE ani_hash IS NOT NULL) AS has_number,
            (SELECT attestation FROM this) AS attestation,
            coalesce((SELECT count(*) >= $6 AND avg((of_platform.attestation IS NOT NULL)::int) >= $7
               FROM (SELECT calls.attestation FROM calls, this WHERE tenant_id = $1 AND call_id <> $2
                       AND calls.protocol = this.protocol AND calls.direction IS DISTINCT FROM 'outbound'
                       AND this.direction IS DISTINCT FROM 'outbound' AND calls.opened_at < this.opened_at
                     ORDER BY calls.opened_at DESC LIMIT $6) AS of_platform), false) AS expects_attestation`,
    [tenantId, callId, customerId, now, windowHours, attestationIsUsual.calls, attestationIsUsual.share],
  );
  if (row === undefined) throw new Error('a query of sub-selects gave no row');
  return {
    failedKnowledgeChecks: row.failed_checks,
    signals: { ...attestationOf(row), ...(customerId !== null && signalsOf(row, windowHours)) },
  };
}

function attestationOf(row: EvidenceRow): CallSignals {
  if (row.attestation !== null) return { attestation: row.attestation };
  return row.expects_attestation ? { attestation: 'missing' } : {};
}

function signalsOf(row: EvidenceRow, windowHours: number): CallSignals {
  const accountVelocity = { calls: row.calls_of_customer + 1, windowHours };
  if (!row.has_number) return { accountVelocity };
  const numberVelocity = { customers: row.customers_of_number + 1, windowHours };
  // A customer's first call is from a new number by nature: that tells nothing.
  if (row.earlier_calls === 0 || row.earlier_with_number > 0) return { accountVelocity, numberVelocity };
  return { accountVelocity, numberVelocity, numberNewForCustomer: { earlierCalls: row.earlier_calls } };
}
