import type { CallId, CustomerId, TenantId } from '../ids.js';
import type { CallRiskInput } from '../risk/assess-risk.js';
import type { FlagState } from '../risk/flag-states.js';
import type { RiskReason, Severity } from '../risk/risk-reason.js';

/** What the caller knows of the call; what the tables know is read with it. */
export type CallToAssess = Omit<CallRiskInput, 'failedKnowledgeChecks' | 'signals'> &
  Partial<Pick<CallRiskInput, 'signals'>>;

export interface FlagOfCall {
  readonly severity: Severity;
  readonly state: FlagState;
  /** For whom the call was claimed. */
  readonly customerId: CustomerId | null;
  readonly reasons: readonly Pick<RiskReason, 'code'>[];
}

/** How a live call has its evidence assessed, and learns of the flags that stand on it. */
export interface CallRisk {
  /** Raises or grows the call's flag where there is reason to; the same input again changes nothing. The call's row must be stored. */
  assessCall(tenantId: TenantId, call: CallToAssess): Promise<unknown>;
  /** Gravest first; more than one only when the call was claimed for several customers. */
  forCall(tenantId: TenantId, callId: CallId): Promise<readonly FlagOfCall[]>;
}

export const CALL_RISK = Symbol('CallRisk');
