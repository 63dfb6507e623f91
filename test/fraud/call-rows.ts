import { randomUUID } from 'node:crypto';
import { agentViewOf } from '../../src/core/calls/agent-view.js';
import type { Attestation } from '../../src/core/calls/intake.js';
import type { CallResult } from '../../src/core/calls/result.js';
import type { CallId, CustomerId } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { thresholdsOf } from '../../src/core/speaker/thresholds.js';
import type {
  VerificationReason,
  VerificationResult,
  VerificationState,
} from '../../src/core/speaker/verification.js';
import { Call } from '../../src/modules/calls/call-log/call.entity.js';
import type { FraudBench, TestTenant } from './fraud-bench.js';

const reasonOf: Readonly<Record<VerificationState, VerificationReason>> = {
  'not-claimed': 'no-customer-claimed',
  'no-consent': 'consent-missing',
  'opted-out': 'consent-withdrawn',
  'not-enrolled': 'voiceprint-missing',
  'enrolment-incomplete': 'enrolment-under-way',
  'cooling-off': 'voiceprint-too-new',
  expired: 'voiceprint-past-retention',
  collecting: 'not-enough-speech',
  accepted: 'evidence-above-accept-threshold',
  rejected: 'evidence-below-reject-threshold',
  inconclusive: 'evidence-between-thresholds',
};

export function aVerification(state: VerificationState, llr: number | null = null): VerificationResult {
  return {
    resultId: 1,
    state,
    reason: reasonOf[state],
    llr,
    posterior: null,
    thresholds: thresholdsOf(defaultPolicy, 'timbre-sv-8k-v1'),
    netSpeechMs: 6200,
    minNetSpeechMs: 5000,
    span: { startMs: 3000, endMs: 12_400 },
    quality: [],
    consentId: null,
  };
}

/** A customer as the tables ask for it. */
export async function aCustomer(bench: FraudBench, { tenantId }: TestTenant): Promise<CustomerId> {
  const customerId = randomUUID() as string as CustomerId;
  const now = new Date(bench.nowMs);
  await bench.server.database.forTenant(tenantId, (em) =>
    em.query(
      `INSERT INTO customers (customer_id, tenant_id, account_ref, created_at, last_interaction_at) VALUES ($1, $2, $3, $4, $4)`,
      [customerId, tenantId, `account ${customerId}`, now],
    ),
  );
  return customerId;
}

export interface CallOf {
  readonly customerId?: CustomerId | null;
  readonly verification?: VerificationResult;
  readonly aniHash?: string;
  readonly attestation?: Attestation;
  readonly direction?: 'inbound' | 'outbound';
  readonly openedAt?: Date;
  readonly closedAt?: Date;
}

/** A call's row as the calls module writes it. */
export async function aCall(bench: FraudBench, { tenantId }: TestTenant, of: CallOf = {}): Promise<CallId> {
  const callId = randomUUID() as string as CallId;
  const customerId = of.customerId ?? null;
  const verification = of.verification ?? aVerification('collecting');
  const openedAt = of.openedAt ?? new Date(bench.nowMs);
  const result: CallResult = {
    callId,
    externalId: null,
    at: openedAt.toISOString(),
    claimedCustomerId: customerId,
    verification,
    agent: agentViewOf(verification, null),
    audio: { receivedMs: 20_000, analysedMs: 20_000, droppedMs: 0, lostMs: 0, withheldMs: 0 },
    firstDecision: null,
  };
  await bench.server.database.forTenant(tenantId, (em) =>
    em.insert(Call, {
      callId,
      tenantId,
      externalId: null,
      protocol: 'plain',
      aniHash: of.aniHash ?? null,
      attestation: of.attestation ?? null,
      direction: of.direction ?? null,
      dnisHash: null,
      claimedCustomerId: customerId,
      openedAt,
      closedAt: of.closedAt ?? null,
      closeReason: of.closedAt ? 'ended' : null,
      result,
    }),
  );
  return callId;
}
