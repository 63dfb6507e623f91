import type { CallId, CustomerId, FlagId } from '../../../core/ids.js';
import type { FlagState } from '../../../core/risk/flag-states.js';
import type { ReasonCode, Severity } from '../../../core/risk/risk-reason.js';
import type { Flag } from './flag.entity.js';

/** A flag as lists, agents and account systems see it. */
export interface FlagSummary {
  readonly flagId: FlagId;
  readonly callId: CallId;
  readonly customerId: CustomerId | null;
  readonly severity: Severity;
  readonly state: FlagState;
  /** Strongest first. */
  readonly reasons: readonly {
    readonly code: ReasonCode;
    /** Null: what it weighed was destroyed when the customer said no (docs/adr/0010). */
    readonly weightNats: number | null;
    readonly text: string;
  }[];
  readonly assignee: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

export function summaryOf(flag: Omit<Flag, 'tenantId' | 'policyVersion'>): FlagSummary {
  return {
    flagId: flag.flagId,
    callId: flag.callId,
    customerId: flag.customerId,
    severity: flag.severity,
    state: flag.state,
    reasons: flag.reasons.map(({ code, weightNats, text }) => ({ code, weightNats, text })),
    assignee: flag.assignee,
    createdAt: flag.createdAt.toISOString(),
    updatedAt: flag.updatedAt.toISOString(),
    version: flag.version,
  };
}
