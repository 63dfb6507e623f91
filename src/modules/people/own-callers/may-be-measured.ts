import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { gateFor } from '../../../core/privacy/gate.js';
import { judgeMeasurement } from '../../../core/privacy/packs/own-callers.js';
import { readLedger } from '../consents/consent-ledger.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { Customer } from '../customers/customer.entity.js';

/**
 * Whether this person's voice may count now: it may be verified, and no law that protects them says no. Holds the customer's row, so
 * that a withdrawal comes wholly before or after what the transaction does.
 */
export async function mayBeMeasured(
  em: EntityManager,
  customerId: CustomerId,
  policy: Policy,
  nowMs: number,
): Promise<boolean> {
  const lock = { mode: 'pessimistic_read' } as const;
  const customer = await em.findOne(Customer, { where: { customerId }, lock });
  if (customer === null) return false;
  const subject = subjectOfCustomer(customer, policy);
  if (!judgeMeasurement(subject.packs).mayBeMeasured) return false;
  return gateFor('verification', await readLedger(em, customerId), subject, nowMs).kind === 'open';
}
