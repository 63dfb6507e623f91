import { IsNull, type EntityManager } from 'typeorm';
import type { CustomerId, RequestId, TokenId } from '../../../core/ids.js';
import { takeStep, type Step } from '../../../core/privacy/requests/steps.js';
import type { FactAction, FactDetails } from '../../installation/facts/fact.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { columnsOf, factsOf } from './request-facts.js';
import { stepRefused, unknownRequest } from './request-problems.js';
import { RightsRequest } from './request.entity.js';

/** Steps of one request take turns. Throws request-not-found. */
export async function lockRequest(em: EntityManager, requestId: RequestId): Promise<RightsRequest> {
  const row = await em.findOne(RightsRequest, { where: { requestId }, lock: { mode: 'pessimistic_write' } });
  return row ?? unknownRequest();
}

type StepAction = Exclude<
  Extract<FactAction, `request-${string}` | 'data-bundle-released'>,
  'request-received'
>;

export interface TakenStep {
  readonly step: Step;
  /** Null: Timbre itself. */
  readonly by: TokenId | null;
  readonly action: StepAction;
  readonly details?: FactDetails;
  /** What the step records beside state and dates. */
  readonly columns?: Partial<RightsRequest>;
}

/** Takes the step and writes it down, in the transaction that holds the request's row; throws what speaks against it. */
export async function recordStep(
  em: EntityManager,
  row: RightsRequest,
  { step, by, action, details = {}, columns = {} }: TakenStep,
  nowMs: number,
): Promise<RightsRequest> {
  const outcome = takeStep(factsOf(row), step, nowMs);
  if (outcome.kind === 'refused') throw stepRefused(outcome.why);
  const changed = { ...columnsOf(outcome.facts), ...columns };
  await em.update(RightsRequest, { requestId: row.requestId }, changed);
  await recordFact(em, row.tenantId, new Date(nowMs), {
    action,
    by,
    subject: { kind: 'request', id: row.requestId },
    details: { customerId: row.customerId, kind: row.kind, ...details },
  });
  return Object.assign(row, changed);
}

/** Throws when the step can't be taken now; for what has to be done before it is recorded. */
export function checkStep(row: RightsRequest, step: Step, nowMs: number): void {
  const outcome = takeStep(factsOf(row), step, nowMs);
  if (outcome.kind === 'refused') throw stepRefused(outcome.why);
}

export function answered(by: TokenId | null, nowMs: number): Partial<RightsRequest> {
  return { answeredAt: new Date(nowMs), answeredBy: by };
}

export function openRequestsOf(em: EntityManager, customerId: CustomerId): Promise<RightsRequest[]> {
  return em.find(RightsRequest, {
    where: { customerId, answeredAt: IsNull() },
    order: { receivedAt: 'ASC' },
  });
}

/** The time of the last step of any of the customer's requests; null: there never was one. */
export async function lastChangeMs(em: EntityManager, customerId: CustomerId): Promise<number | null> {
  const [row] = await em.query<{ last: Date | null }[]>(
    'SELECT max(changed_at) AS last FROM requests WHERE customer_id = $1',
    [customerId],
  );
  return row?.last?.getTime() ?? null;
}
