import { heldCustomer } from '../../people/legal-holds/held.js';

/** SQL: a hold is in force at $1 on whomever the call was about at some moment. */
export function heldCall(call: string): string {
  return `(
  EXISTS (SELECT 1 FROM calls c WHERE c.call_id = ${call} AND ${heldCustomer('c.claimed_customer_id')})
  OR EXISTS (SELECT 1 FROM flags f WHERE f.call_id = ${call} AND ${heldCustomer('f.customer_id')})
  OR EXISTS (SELECT 1 FROM account_events a WHERE a.call_id = ${call} AND ${heldCustomer('a.customer_id')}))`;
}

/** SQL: a row is of the customer $1, or of nobody and in a call that was claimed for them. */
export const ofCustomerOrCall = `(customer_id = $1 OR (customer_id IS NULL
  AND call_id IN (SELECT call_id FROM calls WHERE claimed_customer_id = $1)))`;
