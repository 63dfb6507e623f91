import type { AgentView } from '../../../core/calls/agent-view.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { AccountEventKind } from '../../../core/policy/policy.js';
import type { RiskReason } from '../../../core/risk/risk-reason.js';
import type { VerificationResult } from '../../../core/speaker/verification.js';
import type { FlagChangeRecord } from './flag-change.entity.js';
import type { FlagFile } from './flag-queue.service.js';
import { summaryOf, type FlagSummary } from './flag-summary.js';

/** A flag with everything a reviewer needs to check it. */
export interface FlagFileView extends Omit<FlagSummary, 'reasons'> {
  readonly reasons: readonly RiskReason[];
  readonly policyVersion: number;
  /** All of the call, with the customer claimed at each. */
  readonly accountEvents: readonly {
    readonly accountEventId: string;
    readonly customerId: string | null;
    readonly kind: AccountEventKind;
    readonly reference: string | null;
    readonly at: string;
  }[];
  /** How the call stands now, or stood when it ended. */
  readonly call: {
    readonly externalId: string | null;
    readonly closedAt: string | null;
    readonly resultAt: string;
    readonly claimedCustomerId: string | null;
    readonly verification: VerificationResult;
    readonly agent: AgentView;
  } | null;
  readonly history: readonly ({
    readonly at: string;
    readonly changedBy: string | null;
  } & FlagChangeRecord)[];
}

export function fileView(
  { flag, accountEvents, changes }: FlagFile,
  call: { readonly result: CallResult; readonly closedAtMs: number | null } | undefined,
): FlagFileView {
  return {
    ...summaryOf(flag),
    reasons: flag.reasons,
    policyVersion: flag.policyVersion,
    accountEvents: accountEvents.map(({ accountEventId, customerId, kind, reference, at }) => ({
      accountEventId,
      customerId,
      kind,
      reference,
      at: at.toISOString(),
    })),
    call: call === undefined ? null : callView(call.result, call.closedAtMs),
    history: changes.map(({ at, changedBy, change }) => ({ at: at.toISOString(), changedBy, ...change })),
  };
}

function callView(result: CallResult, closedAtMs: number | null): NonNullable<FlagFileView['call']> {
  return {
    externalId: result.externalId,
    closedAt: closedAtMs === null ? null : new Date(closedAtMs).toISOString(),
    resultAt: result.at,
    claimedCustomerId: result.claimedCustomerId,
    verification: result.verification,
    agent: result.agent,
  };
}
