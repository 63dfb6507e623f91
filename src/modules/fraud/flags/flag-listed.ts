import type { Policy } from '../../../core/policy/policy.js';
import type { FoundFlag } from './flag-pages.js';
import { summaryOf, type FlagSummary } from './flag-summary.js';

/** A flag in a list of the fraud team's. */
export interface ListedFlag extends FlagSummary {
  readonly policyVersion: number;
  /** When the policy wants it decided. */
  readonly decideBy: string;
  readonly call: {
    readonly openedAt: string;
    readonly closedAt: string | null;
    /** A keyed hash: the same for every call from the number, and of use nowhere else. Null: the platform told none. */
    readonly numberHash: string | null;
  };
  /** How many calls are kept in which this customer was claimed; null where nobody is. */
  readonly callsOfCustomer: number | null;
  /** The tenant's own name of the account; only where it was asked for by the fraud team. */
  readonly accountRef?: string | null;
}

const hourMs = 3_600_000;

export function listedFlag(found: FoundFlag, policy: Policy, accountRefs: boolean): ListedFlag {
  const hours = policy.risk.decideWithinHours[found.severity];
  return {
    ...summaryOf(found),
    policyVersion: found.policyVersion,
    decideBy: new Date(found.createdAt.getTime() + hours * hourMs).toISOString(),
    call: {
      openedAt: found.openedAt.toISOString(),
      closedAt: found.closedAt?.toISOString() ?? null,
      numberHash: found.numberHash,
    },
    callsOfCustomer: found.callsOfCustomer,
    ...(accountRefs && { accountRef: found.accountRef }),
  };
}
