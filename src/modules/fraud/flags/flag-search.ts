import type { CallId, CustomerId, FlagId } from '../../../core/ids.js';
import type { FlagState } from '../../../core/risk/flag-states.js';
import type { ReasonCode, Severity } from '../../../core/risk/risk-reason.js';

/** Of each field several values, of which a flag has one; between fields all hold. */
export interface FlagFilters {
  readonly flagId?: readonly FlagId[] | undefined;
  readonly callId?: readonly CallId[] | undefined;
  readonly customerId?: readonly CustomerId[] | undefined;
  readonly accountRef?: readonly string[] | undefined;
  readonly numberHash?: readonly string[] | undefined;
  readonly reason?: readonly ReasonCode[] | undefined;
  readonly severity?: readonly Severity[] | undefined;
  readonly state?: readonly FlagState[] | undefined;
  readonly assignee?: readonly string[] | undefined;
  /** Whether somebody has it. With `assignee` beside it, both hold. */
  readonly assigned?: boolean | undefined;
  readonly policyVersion?: readonly number[] | undefined;
  /** Raised from then on, and up to (not with). */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Last changed from then on, and up to (not with). */
  readonly changedFrom?: Date | undefined;
  readonly changedTo?: Date | undefined;
}

/** Which parameter stands where in a statement. The first is the tenant. */
export class Parameters {
  readonly values: unknown[];

  constructor(first: unknown) {
    this.values = [first];
  }

  place(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

type Filter = keyof FlagFilters;
type Condition = (place: string) => string;

const oneOf =
  (column: string, type: string): Condition =>
  (place) =>
    `flags.${column} = ANY(${place}::${type}[])`;

const conditions: Readonly<Record<Exclude<Filter, 'assigned'>, Condition>> = {
  flagId: oneOf('flag_id', 'uuid'),
  callId: oneOf('call_id', 'uuid'),
  customerId: oneOf('customer_id', 'uuid'),
  accountRef: (place) =>
    `flags.customer_id IN (SELECT customer_id FROM customers WHERE tenant_id = $1 AND account_ref = ANY(${place}::text[]))`,
  numberHash: (place) =>
    `flags.call_id IN (SELECT call_id FROM calls WHERE tenant_id = $1 AND ani_hash = ANY(${place}::text[]))`,
  // As the index flags_by_reason has it.
  reason: (place) => `jsonb_path_query_array(flags.reasons, '$[*].code') ?| ${place}::text[]`,
  severity: oneOf('severity', 'text'),
  state: oneOf('state', 'text'),
  assignee: oneOf('assignee', 'text'),
  policyVersion: oneOf('policy_version', 'integer'),
  from: (place) => `flags.created_at >= ${place}::timestamptz`,
  to: (place) => `flags.created_at < ${place}::timestamptz`,
  changedFrom: (place) => `flags.updated_at >= ${place}::timestamptz`,
  changedTo: (place) => `flags.updated_at < ${place}::timestamptz`,
};
const named = Object.keys(conditions) as (keyof typeof conditions)[];

/** What a flag has to be to be found, without the filters `but`. Every value is a parameter. */
export function whereOf(filters: FlagFilters, parameters: Parameters, but: readonly Filter[] = []): string {
  const asked = named.filter((name) => filters[name] !== undefined && !but.includes(name));
  const { assigned } = filters;
  return [
    'flags.tenant_id = $1',
    ...asked.map((name) => conditions[name](parameters.place(filters[name]))),
    ...(assigned === undefined ? [] : [`flags.assignee IS ${assigned ? 'NOT NULL' : 'NULL'}`]),
  ].join(' AND ');
}
