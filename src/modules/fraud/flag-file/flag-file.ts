import type { EntityManager } from 'typeorm';
import type { AgentView } from '../../../core/calls/agent-view.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { FlagId, TenantId } from '../../../core/ids.js';
import type { AccountEventKind } from '../../../core/risk/account-event-kind.js';
import type { RiskReason } from '../../../core/risk/risk-reason.js';
import type { VerificationResult } from '../../../core/speaker/verification.js';
import { AccountEvent } from '../accounts/account-event.entity.js';
import { FlagChange, type FlagChangeRecord } from '../flags/flag-change.entity.js';
import { summaryOf, type FlagSummary } from '../flags/flag-summary.js';
import { Flag } from '../flags/flag.entity.js';

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

interface FlagFile {
  readonly flag: Flag;
  readonly accountEvents: readonly AccountEvent[];
  readonly changes: readonly FlagChange[];
}

export async function readFlagFile(
  em: EntityManager,
  tenantId: TenantId,
  flagId: FlagId,
): Promise<FlagFile | undefined> {
  const flag = await em.findOneBy(Flag, { tenantId, flagId });
  if (flag === null) return undefined;
  const accountEvents = await em.find(AccountEvent, {
    where: { tenantId, callId: flag.callId },
    order: { at: 'ASC', accountEventId: 'ASC' },
  });
  const changes = await em.find(FlagChange, { where: { tenantId, flagId }, order: { changeId: 'ASC' } });
  return { flag, accountEvents, changes };
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
