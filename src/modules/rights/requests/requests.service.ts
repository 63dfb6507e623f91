import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, RequestId, TenantId } from '../../../core/ids.js';
import type { RequestChannel } from '../../../core/privacy/requests/request.js';
import { dayMs } from '../../../core/privacy/retention.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { encodeCursor } from '../../../platform/http/cursor.js';
import type { SignedReceipt } from '../../../core/privacy/erasure-receipt.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { StoredReaders } from '../../installation/facts/stored-readers.js';
import { checkedIdentity } from './identity.js';
import { isObjection } from './objection-effects.js';
import { RequestAnswers } from './request-answers.js';
import type { IdentityCheck, NewRequest, Refusal } from './request-body.js';
import { RequestIntake } from './request-intake.js';
import { cursorWords, readRequestPage, type RequestSearch } from './request-pages.js';
import { unknownRequest } from './request-problems.js';
import { lockRequest, recordStep, type TakenStep } from './request-store.js';
import { toRequestView, type RequestView } from './request-view.js';
import { RightsRequest } from './request.entity.js';

export interface RequestPage {
  readonly requests: readonly RequestView[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Requests of people about their data (privacy-law.md, rule 7), from the first word to the answer. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly intake: RequestIntake,
    private readonly answers: RequestAnswers,
    private readonly readers: StoredReaders,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes a request in. Objections and limits are in force when this returns; `channel` says where it came from. */
  async open(
    by: Principal,
    customerId: CustomerId,
    asked: NewRequest,
    channel: RequestChannel,
  ): Promise<RequestView> {
    const row = await this.intake.open(by, customerId, asked, channel);
    if (isObjection(row)) await this.readers.settled(by.tenantId);
    return this.view(row);
  }

  /** A page of them, in the order of `readRequestPage`. */
  async list(tenantId: TenantId, search: RequestSearch): Promise<RequestPage> {
    const { rows, next } = await this.database.forTenant(tenantId, (em) =>
      readRequestPage(em, tenantId, search),
    );
    const remindBeforeMs = await this.remindBeforeMs(tenantId);
    const requests = rows.map((row) => toRequestView(row, remindBeforeMs, this.clock.nowMs()));
    return { requests, nextCursor: next === null ? null : encodeCursor(cursorWords(next)) };
  }

  /** Throws request-not-found. */
  async get(tenantId: TenantId, requestId: RequestId): Promise<RequestView> {
    const row = await this.database.forTenant(tenantId, (em) => em.findOneBy(RightsRequest, { requestId }));
    return this.view(row ?? unknownRequest());
  }

  confirmReceipt(by: Principal, requestId: RequestId): Promise<RequestView> {
    return this.step(by, requestId, { step: { kind: 'confirm-receipt' }, action: 'request-confirmed' });
  }

  async checkIdentity(by: Principal, requestId: RequestId, check: IdentityCheck): Promise<RequestView> {
    const { passed, proof } = check;
    const row = await this.database.forTenant(by.tenantId, async (em) => {
      const found = await lockRequest(em, requestId);
      const nowMs = this.clock.nowMs();
      const columns = await checkedIdentity(em, found, proof, passed, by.tokenId, new Date(nowMs));
      const taken: TakenStep = {
        step: { kind: 'check-identity', passed },
        by: by.tokenId,
        action: 'request-identity-checked',
        details: { method: proof.method, passed },
        columns,
      };
      return recordStep(em, found, taken, nowMs);
    });
    return this.view(row);
  }

  start(by: Principal, requestId: RequestId): Promise<RequestView> {
    return this.step(by, requestId, { step: { kind: 'start' }, action: 'request-started' });
  }

  extend(by: Principal, requestId: RequestId, reason: string): Promise<RequestView> {
    const columns = { extensionReason: reason, reminded: [] };
    return this.step(by, requestId, { step: { kind: 'extend' }, action: 'request-extended', columns });
  }

  /** The request that a bundle is handed out for; whose it is. */
  async release(by: Principal, requestId: RequestId): Promise<CustomerId> {
    const taken = { step: { kind: 'release' }, action: 'data-bundle-released' } as const;
    return (await this.step(by, requestId, taken)).customerId;
  }

  async fulfil(
    by: Principal,
    requestId: RequestId,
    explanation: string | null,
  ): Promise<{ readonly request: RequestView; readonly receipt?: SignedReceipt }> {
    const { row, receipt } = await this.answers.fulfil(by, requestId, explanation);
    return { request: await this.view(row), ...(receipt && { receipt }) };
  }

  async refuse(by: Principal, requestId: RequestId, refusal: Refusal): Promise<RequestView> {
    return this.view(await this.answers.refuse(by, requestId, refusal));
  }

  private async step(
    by: Principal,
    requestId: RequestId,
    taken: Omit<TakenStep, 'by'>,
  ): Promise<RequestView> {
    const row = await this.database.forTenant(by.tenantId, async (em) =>
      recordStep(em, await lockRequest(em, requestId), { ...taken, by: by.tokenId }, this.clock.nowMs()),
    );
    return this.view(row);
  }

  private async view(row: RightsRequest): Promise<RequestView> {
    return toRequestView(row, await this.remindBeforeMs(row.tenantId), this.clock.nowMs());
  }

  private async remindBeforeMs(tenantId: TenantId): Promise<number> {
    return (await this.policies.current(tenantId)).requests.remindDaysBefore * dayMs;
  }
}
