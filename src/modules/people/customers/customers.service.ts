import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { z } from 'zod';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
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
}

async function find(em: EntityManager, where: FindOptionsWhere<Customer>): Promise<CustomerId | undefined> {
  return (await em.findOne(Customer, { select: { customerId: true }, where }))?.customerId;
}
