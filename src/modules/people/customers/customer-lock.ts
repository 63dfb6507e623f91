import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { Customer } from './customer.entity.js';

/**
 * Everything that changes what is kept of a customer's consent or voice takes this lock first, so that a withdrawal and an
 * enrolment of the same person never overlap. It does not hold up calls that refer to the customer (FOR NO KEY UPDATE).
 */
export async function lockCustomer(em: EntityManager, customerId: CustomerId): Promise<Customer> {
  return (await lockCustomerIfThere(em, customerId)) ?? unknownCustomer();
}

/** Null for whom an erasure was quicker. */
export function lockCustomerIfThere(em: EntityManager, customerId: CustomerId): Promise<Customer | null> {
  return em.findOne(Customer, { where: { customerId }, lock: { mode: 'for_no_key_update' } });
}

export function unknownCustomer(): never {
  throw new ProblemError(404, 'customer-not-found', 'There is no such customer');
}
