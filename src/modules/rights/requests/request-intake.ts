import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, RequestId } from '../../../core/ids.js';
import { packsFor } from '../../../core/privacy/packs/registry.js';
import { requestClock, type RequestClock } from '../../../core/privacy/packs/requests.js';
import type { RequestChannel } from '../../../core/privacy/requests/request.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { readObjections } from '../../people/consents/objection-store.js';
import { lockCustomer } from '../../people/customers/customer-lock.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { checkedIdentity } from './identity.js';
import { carryOutObjection, isObjection, recordObjection } from './objection-effects.js';
import type { NewRequest } from './request-body.js';
import { requestOpen, stepRefused, unknownRequest } from './request-problems.js';
import { lastChangeMs, openRequestsOf } from './request-store.js';
import { RightsRequest } from './request.entity.js';

/** Takes requests in: who asks, under which laws, and so until when. Objections and limits are carried out with it. */
@Injectable()
export class RequestIntake {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async open(
    by: Principal,
    customerId: CustomerId,
    asked: NewRequest,
    channel: RequestChannel,
  ): Promise<RightsRequest> {
    const { privacy } = await this.policies.current(by.tenantId);
    return this.database.forTenant(by.tenantId, async (em) => {
      // The lock of all that changes consent or voice: an objection and a consent come one after the other.
      const { residence } = await lockCustomer(em, customerId);
      const nowMs = this.clock.nowMs();
      if (nowMs < ((await lastChangeMs(em, customerId)) ?? 0)) throw stepRefused('clock-set-back');
      const appealOf = await appealed(em, customerId, asked);
      const open = await openRequestsOf(em, customerId);
      const same = open.find((row) => row.kind === asked.kind && row.appealOf === appealOf);
      if (same !== undefined) throw requestOpen(same.requestId);
      // The signal comes with every page, and with two at once.
      const standing = channel === 'opt-out-signal' ? await readObjections(em, customerId) : [];
      const optedOut = standing.find(({ scopes }) => scopes.includes('sale-or-sharing'));
      if (optedOut !== undefined) throw requestOpen(optedOut.requestId);

      const laws = packsFor(residence, privacy.packs, privacy.everywhere);
      const columns: RequestColumns = {
        ...newRow(by, customerId, asked, channel, nowMs),
        ...clockColumns(requestClock(laws, asked.kind, nowMs)),
        appealOf,
        packs: laws.map(({ packId }) => packId),
      };
      const row = em.create(RightsRequest, columns);
      if (asked.identity !== undefined) {
        const at = new Date(nowMs);
        Object.assign(row, await checkedIdentity(em, row, asked.identity, true, by.tokenId, at));
        row.state = 'identity-checked';
      }
      await em.insert(RightsRequest, row);
      await recordObjection(em, row);
      await recordFact(em, by.tenantId, new Date(nowMs), {
        action: 'request-received',
        by: by.tokenId,
        subject: { kind: 'request', id: row.requestId },
        details: {
          customerId,
          kind: row.kind,
          scopes: row.scopes,
          channel,
          packs: row.packs,
          identityMethod: row.identityMethod,
          authority: row.authority,
          appealOf,
          dueAt: row.dueAt.toISOString(),
        },
      });
      return isObjection(row) ? carryOutObjection(em, by.tokenId, row, null, nowMs) : row;
    });
  }
}

/** Null of what is no appeal. Throws unless it is a refusal of this very person's request. */
async function appealed(
  em: EntityManager,
  customerId: CustomerId,
  asked: NewRequest,
): Promise<RequestId | null> {
  if (asked.kind !== 'appeal') return null;
  const requestId = asked.appealOf as RequestId;
  const refused = await em.findOneBy(RightsRequest, { requestId, customerId });
  if (refused === null) return unknownRequest();
  if (refused.state !== 'refused') throw stepRefused('not-refused');
  if (refused.kind === 'appeal') {
    throw new ProblemError(409, 'appeal-refused', 'There is no appeal against an appeal', {
      detail: 'From here the way is the supervisory authority or the Attorney General.',
    });
  }
  return requestId;
}

function newRow(
  by: Principal,
  customerId: CustomerId,
  asked: NewRequest,
  channel: RequestChannel,
  nowMs: number,
): Omit<RequestColumns, ClockColumn | 'appealOf' | 'packs'> {
  const at = new Date(nowMs);
  const scopes = 'scopes' in asked ? asked.scopes : [];
  return {
    requestId: randomUUID() as string as RequestId,
    tenantId: by.tenantId,
    customerId,
    kind: asked.kind,
    scopes,
    channel,
    state: 'received',
    reminded: [],
    authority: asked.onBehalf?.authority ?? null,
    authorityProof: asked.onBehalf?.proofReference ?? null,
    receivedAt: at,
    changedAt: at,
    openedBy: by.tokenId,
    extendedAt: null,
    extensionReason: null,
    receiptConfirmedAt: null,
    releasedAt: null,
    identityMethod: null,
    identityPassed: null,
    identityReference: null,
    identityCheckedAt: null,
    identityCheckedBy: null,
    answeredAt: null,
    answeredBy: null,
    refusalReason: null,
    refusalArticle: null,
    explanation: null,
    erasureId: null,
  };
}

type RequestColumns = { [Name in keyof RightsRequest]: RightsRequest[Name] };
type ClockColumn = 'dueAt' | 'dueBy' | 'extendableTo' | 'confirmReceiptBy';

function clockColumns(clock: RequestClock): Pick<RightsRequest, ClockColumn> {
  const { dueMs, decidedBy, extended, confirmBy } = clock;
  return {
    dueAt: new Date(dueMs),
    dueBy: decidedBy,
    extendableTo: extended === null ? null : new Date(extended.value),
    confirmReceiptBy: confirmBy === null ? null : new Date(confirmBy.value),
  };
}
