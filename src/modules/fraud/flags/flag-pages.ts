import type { EntityManager } from 'typeorm';
import type { CallId, CustomerId, FlagId, TenantId } from '../../../core/ids.js';
import { flagStates, type FlagState } from '../../../core/risk/flag-states.js';
import { severities, type RiskReason, type Severity } from '../../../core/risk/risk-reason.js';
import { orders, positionOf, type FlagOrder, type FlagPosition } from './flag-order.js';
import { Parameters, whereOf, type FlagFilters } from './flag-search.js';

/** A flag with what a desk sees of its call and customer in a list. */
export interface FoundFlag {
  readonly flagId: FlagId;
  readonly callId: CallId;
  readonly customerId: CustomerId | null;
  readonly severity: Severity;
  readonly state: FlagState;
  readonly reasons: readonly RiskReason[];
  readonly policyVersion: number;
  readonly assignee: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly numberHash: string | null;
  /** Null where nobody is claimed. */
  readonly accountRef: string | null;
  readonly callsOfCustomer: number | null;
}

export interface FoundPage {
  readonly found: readonly FoundFlag[];
  readonly next: FlagPosition | null;
}

export async function readFlagPage(
  em: EntityManager,
  tenantId: TenantId,
  filters: FlagFilters,
  {
    order,
    after,
    limit,
  }: { readonly order: FlagOrder; readonly after?: FlagPosition | undefined; readonly limit: number },
): Promise<FoundPage> {
  const parameters = new Parameters(tenantId);
  const where = whereOf(filters, parameters);
  const behind = after === undefined ? '' : ` AND ${orders[order].after(after, parameters)}`;
  const { by } = orders[order];
  const rows = await em.query<FoundFlag[]>(
    `SELECT flags.flag_id AS "flagId", flags.call_id AS "callId", flags.customer_id AS "customerId", flags.severity, flags.state,
            flags.reasons, flags.policy_version AS "policyVersion", flags.assignee, flags.created_at AS "createdAt",
            flags.updated_at AS "updatedAt", flags.version, calls.opened_at AS "openedAt", calls.closed_at AS "closedAt",
            calls.ani_hash AS "numberHash", customers.account_ref AS "accountRef",
            CASE WHEN flags.customer_id IS NOT NULL THEN (SELECT count(*)::int FROM calls AS theirs
              WHERE theirs.tenant_id = $1 AND theirs.claimed_customer_id = flags.customer_id) END AS "callsOfCustomer"
     FROM (SELECT * FROM flags WHERE ${where}${behind} ORDER BY ${by} LIMIT ${parameters.place(limit + 1)}) AS flags
       JOIN calls ON calls.call_id = flags.call_id
       LEFT JOIN customers ON customers.customer_id = flags.customer_id
     ORDER BY ${by}`,
    parameters.values,
  );
  const found = rows.slice(0, limit);
  const last = rows.length > limit ? found.at(-1) : undefined;
  return { found, next: last === undefined ? null : positionOf(order, last) };
}

export interface FlagCounts {
  /** Found by all filters. */
  readonly total: number;
  /** Each as if its own field were not filtered: what another choice would find. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly byState: Readonly<Record<FlagState, number>>;
}

export async function countFlags(
  em: EntityManager,
  tenantId: TenantId,
  filters: FlagFilters,
): Promise<FlagCounts> {
  const parameters = new Parameters(tenantId);
  const rows = await em.query<{ state: FlagState; severity: Severity; count: number }[]>(
    `SELECT state, severity, count(*)::int AS count FROM flags
     WHERE ${whereOf(filters, parameters, ['state', 'severity'])} GROUP BY state, severity`,
    parameters.values,
  );
  const ofState = rows.filter(({ state }) => filters.state?.includes(state) ?? true);
  const ofSeverity = rows.filter(({ severity }) => filters.severity?.includes(severity) ?? true);
  return {
    total: sum(ofState.filter((row) => ofSeverity.includes(row))),
    bySeverity: tally(severities, (severity) => ofState.filter((row) => row.severity === severity)),
    byState: tally(flagStates, (state) => ofSeverity.filter((row) => row.state === state)),
  };
}

const sum = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0);

function tally<Word extends string>(
  words: readonly Word[],
  rowsOf: (word: Word) => readonly { readonly count: number }[],
): Readonly<Record<Word, number>> {
  return Object.fromEntries(words.map((word) => [word, sum(rowsOf(word))])) as Record<Word, number>;
}
