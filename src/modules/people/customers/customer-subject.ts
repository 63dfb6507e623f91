import type { Policy } from '../../../core/policy/policy.js';
import { subjectOf, type Subject } from '../../../core/privacy/subject.js';
import type { Customer } from './customer.entity.js';

/** Whom the packs of the policy protect here, and how. */
export function subjectOfCustomer(
  { residence, lastInteractionAt }: Pick<Customer, 'residence' | 'lastInteractionAt'>,
  policy: Policy,
): Subject {
  return subjectOf({ residence, lastInteractionMs: lastInteractionAt.getTime() }, policy);
}
