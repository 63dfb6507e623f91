import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, RequestId, TenantId } from '../../../core/ids.js';
import { purposesOf } from '../../../core/privacy/requests/objections.js';
import type { ObjectionScope, RequestChannel } from '../../../core/privacy/requests/request.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { readLedgerRows } from '../../people/consents/consent-ledger.js';
import type { ConsentEntryRow } from '../../people/consents/consent-entry.entity.js';
import { readMadeObjections, type MadeObjection } from '../../people/consents/objection-store.js';
import { Objection } from '../../people/consents/objection.entity.js';
import { lockCustomer, unknownCustomer } from '../../people/customers/customer-lock.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { neverObjected, objectionNotCarriedOut, stepRefused } from './request-problems.js';
import { RightsRequest } from './request.entity.js';

export interface ObjectionView {
  readonly objectionId: string;
  readonly requestId: RequestId;
  readonly kind: 'objection' | 'limit';
  readonly scopes: readonly ObjectionScope[];
  readonly since: string;
  /** `given-way`: the person has agreed since, to all of it. */
  readonly standing: 'in-force' | 'given-way' | 'taken-back';
  readonly takenBackAt: string | null;
}

export interface TakenBack {
  readonly objectionId: string;
  readonly takenBackAt: string;
  readonly alreadyTakenBack: boolean;
}

/** What people object to, and that they may change their mind. */
@Injectable()
export class ObjectionsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All that were ever made, oldest first. Throws customer-not-found. */
  async list(tenantId: TenantId, customerId: CustomerId): Promise<ObjectionView[]> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
      const consents = await readLedgerRows(em, customerId);
      return (await readMadeObjections(em, customerId)).map((made) => toView(made, consents));
    });
  }

  /** Gives no consent: what the objection ended stays ended. Asked again it records nothing. */
  async takeBack(
    by: Principal,
    customerId: CustomerId,
    objectionId: string,
    channel: RequestChannel,
  ): Promise<TakenBack> {
    return this.database.forTenant(by.tenantId, async (em) => {
      await lockCustomer(em, customerId);
      const all = await readMadeObjections(em, customerId);
      const made = all.find((one) => one.objection.objectionId === objectionId) ?? neverObjected();
      return this.recorded(em, by, made, channel);
    });
  }

  private async recorded(
    em: EntityManager,
    by: Principal,
    { objection, takenBackAt }: MadeObjection,
    channel: RequestChannel,
  ): Promise<TakenBack> {
    const { objectionId, tenantId, customerId, requestId, kind, scopes } = objection;
    if (takenBackAt !== null)
      return { objectionId, takenBackAt: takenBackAt.toISOString(), alreadyTakenBack: true };
    const at = new Date(this.clock.nowMs());
    if (at < objection.at) throw stepRefused('clock-set-back');
    const request = await em.findOneBy(RightsRequest, { requestId });
    // Until then consents that it ends may stand in the ledger, and would count again.
    if (request !== null && request.answeredAt === null) throw objectionNotCarriedOut(requestId);
    await em.insert(Objection, {
      objectionId: randomUUID(),
      tenantId,
      customerId,
      requestId,
      scopes,
      at,
      kind: 'taken-back',
      takesBack: objectionId,
    });
    await recordFact(em, tenantId, at, {
      action: 'objection-taken-back',
      by: by.tokenId,
      subject: { kind: 'request', id: requestId },
      details: { customerId, objectionId, kind, scopes, channel },
    });
    return { objectionId, takenBackAt: at.toISOString(), alreadyTakenBack: false };
  }
}

function toView(
  { objection, takenBackAt }: MadeObjection,
  consents: readonly ConsentEntryRow[],
): ObjectionView {
  const { objectionId, requestId, kind, scopes, at } = objection;
  const agreedSince = consents.filter((row) => row.kind === 'granted' && row.recordedAt > at);
  const hasGivenWay = scopes.every(
    (scope) =>
      purposesOf[scope].length > 0 &&
      purposesOf[scope].every((purpose) => agreedSince.some((row) => row.purposes.includes(purpose))),
  );
  const open = hasGivenWay ? 'given-way' : 'in-force';
  return {
    objectionId,
    requestId,
    kind,
    scopes,
    since: at.toISOString(),
    standing: takenBackAt === null ? open : 'taken-back',
    takenBackAt: takenBackAt?.toISOString() ?? null,
  };
}
