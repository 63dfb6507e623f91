import type { RequestFacts } from '../../../core/privacy/requests/request.js';
import type { RightsRequest } from './request.entity.js';

export function factsOf(row: RightsRequest): RequestFacts {
  return {
    kind: row.kind,
    state: row.state,
    receivedMs: row.receivedAt.getTime(),
    changedMs: row.changedAt.getTime(),
    dueMs: row.dueAt.getTime(),
    extendableToMs: ms(row.extendableTo),
    extendedMs: ms(row.extendedAt),
    confirmReceiptByMs: ms(row.confirmReceiptBy),
    receiptConfirmedMs: ms(row.receiptConfirmedAt),
    releasedMs: ms(row.releasedAt),
  };
}

/** What a step may have changed. */
export function columnsOf(facts: RequestFacts): Partial<RightsRequest> {
  return {
    state: facts.state,
    changedAt: new Date(facts.changedMs),
    dueAt: new Date(facts.dueMs),
    extendableTo: date(facts.extendableToMs),
    extendedAt: date(facts.extendedMs),
    receiptConfirmedAt: date(facts.receiptConfirmedMs),
    releasedAt: date(facts.releasedMs),
  };
}

function ms(at: Date | null): number | null {
  return at?.getTime() ?? null;
}

function date(atMs: number | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}
