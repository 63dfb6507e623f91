import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { redateVoiceprints } from '../voiceprints/redate.js';
import { lockCustomer, unknownCustomer } from './customer-lock.js';
import { customerState, type CustomerState } from '../customer-file/customer-state.js';
import { subjectOfCustomer } from './customer-subject.js';
import { Customer } from './customer.entity.js';

export interface NewCustomer {
  readonly accountRef: string;
  readonly residence?: string | undefined;
}

export interface CustomerQuery {
  readonly accountRef?: string | undefined;
  /** List from behind this customer on. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const uuid = z.uuid();

@Injectable()
export class CustomersService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(tenantId: TenantId, { accountRef, residence }: NewCustomer): Promise<Customer> {
    const at = new Date(this.clock.nowMs());
    const customerId = randomUUID() as string as CustomerId;
    return this.database.forTenant(tenantId, async (em) => {
      // Two at once: the second waits for the first and then inserts nothing.
      await em
        .createQueryBuilder()
        .insert()
        .into(Customer)
        .values({
          customerId,
          tenantId,
          accountRef,
          residence: residence ?? null,
          createdAt: at,
          lastInteractionAt: at,
        })
        .orIgnore()
        .updateEntity(false)
        .execute();
      const customer = await em.findOneByOrFail(Customer, { tenantId, accountRef });
      if (customer.customerId === customerId) return customer;
      throw new ProblemError(
        409,
        'customer-exists',
        'There is a customer with this account reference already',
        {
          extra: { customerId: customer.customerId },
        },
      );
    });
  }

  /** What is known of the customer: consent by purpose and the voiceprint's status. Throws customer-not-found. */
  async state(tenantId: TenantId, customerId: CustomerId): Promise<CustomerState> {
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      const customer = (await em.findOneBy(Customer, { customerId })) ?? unknownCustomer();
      return customerState(em, customer, policy, this.engine.models, this.clock.nowMs());
    });
  }

  /**
   * The person has moved: from now on the laws of the new place protect them, so what is kept gets its date anew, and live
   * calls ask the gate again. Throws customer-not-found.
   */
  async changeResidence(by: Principal, customerId: CustomerId, residence: string | null): Promise<Customer> {
    const { tenantId } = by;
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      const customer = await lockCustomer(em, customerId);
      const from = customer.residence;
      if (from === residence) return customer;
      const nowMs = this.clock.nowMs();
      await em.update(Customer, { customerId }, { residence });
      customer.residence = residence;
      await redateVoiceprints(em, customer, policy, nowMs);
      await recordFact(em, tenantId, new Date(nowMs), {
        action: 'residence-changed',
        by: by.tokenId,
        subject: { kind: 'customer', id: customerId },
        details: {
          from,
          to: residence,
          packs: subjectOfCustomer(customer, policy).packs.map(({ packId }) => packId),
        },
      });
      return customer;
    });
  }

  /** In order of their ids. */
  list(tenantId: TenantId, { accountRef, after, limit }: CustomerQuery): Promise<Customer[]> {
    return this.database.forTenant(tenantId, (em) => {
      const query = em.createQueryBuilder(Customer, 'customer').orderBy('customer.customerId').limit(limit);
      if (accountRef !== undefined) query.andWhere('customer.accountRef = :accountRef', { accountRef });
      if (after !== undefined) query.andWhere('customer.customerId > :after', { after });
      return query.getMany();
    });
  }

  /** A customer's id or the tenant's own account reference; of the two the id counts first. */
  resolve(tenantId: TenantId, ref: string): Promise<CustomerId | undefined> {
    return this.database.forTenant(tenantId, async (em) => {
      const byId = uuid.safeParse(ref).success
        ? await find(em, { customerId: ref as CustomerId })
        : undefined;
      return byId ?? (await find(em, { tenantId, accountRef: ref }));
    });
  }

  /** The customer was dealt with now: what is kept of the voice may be kept from now on as long as policy says. */
  async touch(tenantId: TenantId, customerId: CustomerId, nowMs: number): Promise<void> {
    const policy = await this.policies.current(tenantId);
    await this.database.forTenant(tenantId, async (em) => {
      const customer = await lockCustomer(em, customerId);
      if (customer.lastInteractionAt.getTime() >= nowMs) return;
      customer.lastInteractionAt = new Date(nowMs);
      await em.update(Customer, { customerId }, { lastInteractionAt: customer.lastInteractionAt });
      await redateVoiceprints(em, customer, policy, nowMs);
    });
  }
}

async function find(em: EntityManager, where: FindOptionsWhere<Customer>): Promise<CustomerId | undefined> {
  return (await em.findOne(Customer, { select: { customerId: true }, where }))?.customerId;
}
