import type { CustomerId, RequestId } from '../../../core/ids.js';
import { packs } from '../../../core/privacy/packs/registry.js';
import type { PackId, RequestKind, Ruling } from '../../../core/privacy/packs/pack.js';
import { rightTo } from '../../../core/privacy/packs/requests.js';
import {
  answerStanding,
  receiptStanding,
  type AnswerStanding,
  type ReceiptStanding,
} from '../../../core/privacy/requests/reminders.js';
import type {
  Authority,
  IdentityMethod,
  ObjectionScope,
  RefusalReason,
  RequestChannel,
  RequestState,
} from '../../../core/privacy/requests/request.js';
import { factsOf } from './request-facts.js';
import type { RightsRequest } from './request.entity.js';

/** How a request stands, with every date and the rule that set it. */
export interface RequestView {
  readonly requestId: RequestId;
  readonly customerId: CustomerId;
  readonly kind: RequestKind;
  readonly scopes: readonly ObjectionScope[];
  readonly channel: RequestChannel;
  readonly onBehalf: { readonly authority: Authority; readonly proofReference: string | null } | null;
  readonly appealOf: RequestId | null;
  readonly state: RequestState;
  /** Laws that protected the person when the request came. */
  readonly packs: readonly PackId[];
  /** Who gives the right; null: none of these laws does, and it is answered all the same. */
  readonly right: Ruling | null;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly dueBy: Ruling;
  readonly standing: AnswerStanding;
  readonly extension:
    | { readonly kind: 'possible'; readonly until: string }
    | { readonly kind: 'made'; readonly at: string; readonly reason: string | null }
    | { readonly kind: 'not-allowed' };
  readonly receipt: {
    readonly standing: ReceiptStanding;
    readonly confirmBy: string | null;
    readonly confirmedAt: string | null;
  };
  readonly identity: {
    readonly method: IdentityMethod;
    readonly passed: boolean;
    readonly reference: string | null;
    readonly checkedAt: string;
    readonly checkedBy: string | null;
  } | null;
  readonly releasedAt: string | null;
  readonly answer: {
    readonly at: string;
    readonly by: string | null;
    readonly explanation: string | null;
    readonly refusal: { readonly reason: RefusalReason; readonly article: string } | null;
    readonly erasureId: string | null;
  } | null;
  /** Who gives the right to appeal within the business; null where the way is the authority (GDPR Art. 12(4), 77). */
  readonly appealUnder: Ruling | null;
}

export function toRequestView(row: RightsRequest, remindBeforeMs: number, nowMs: number): RequestView {
  const facts = factsOf(row);
  const laws = row.packs.map((id) => packs[id]);
  const { requestId, customerId, kind, scopes, channel, appealOf, state, dueBy } = row;
  return {
    requestId,
    customerId,
    kind,
    scopes,
    channel,
    appealOf,
    state,
    dueBy,
    packs: row.packs,
    onBehalf: row.authority && { authority: row.authority, proofReference: row.authorityProof },
    right: rightTo(laws, kind),
    receivedAt: row.receivedAt.toISOString(),
    dueAt: row.dueAt.toISOString(),
    standing: answerStanding(facts, remindBeforeMs, nowMs),
    extension: extensionOf(row),
    receipt: {
      standing: receiptStanding(facts, nowMs),
      confirmBy: iso(row.confirmReceiptBy),
      confirmedAt: iso(row.receiptConfirmedAt),
    },
    identity: identityOf(row),
    releasedAt: iso(row.releasedAt),
    answer: row.answeredAt && {
      at: row.answeredAt.toISOString(),
      by: row.answeredBy,
      explanation: row.explanation,
      refusal:
        row.refusalReason === null ? null : { reason: row.refusalReason, article: row.refusalArticle ?? '' },
      erasureId: row.erasureId,
    },
    appealUnder: rightTo(laws, 'appeal'),
  };
}

function extensionOf(row: RightsRequest): RequestView['extension'] {
  if (row.extendedAt !== null)
    return { kind: 'made', at: row.extendedAt.toISOString(), reason: row.extensionReason };
  if (row.extendableTo !== null) return { kind: 'possible', until: row.extendableTo.toISOString() };
  return { kind: 'not-allowed' };
}

function identityOf(row: RightsRequest): RequestView['identity'] {
  const { identityMethod, identityPassed, identityCheckedAt } = row;
  if (identityMethod === null || identityPassed === null || identityCheckedAt === null) return null;
  return {
    method: identityMethod,
    passed: identityPassed,
    reference: row.identityReference,
    checkedAt: identityCheckedAt.toISOString(),
    checkedBy: row.identityCheckedBy,
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
