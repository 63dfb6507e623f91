import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';

/** SQL: a hold in force at $1 stops deletion of what is this customer's. */
export function heldCustomer(customer: string): string {
  return `EXISTS (SELECT 1 FROM legal_holds h WHERE h.customer_id = ${customer} AND h.released_at IS NULL AND h.ends_at > $1)`;
}

/** SQL: the same for an entry of a watchlist. */
export function heldEntry(entry: string): string {
  return `EXISTS (SELECT 1 FROM legal_holds h WHERE h.entry_id = ${entry} AND h.released_at IS NULL AND h.ends_at > $1)`;
}

export interface HoldInForce {
  readonly holdId: string;
  readonly reason: string;
  readonly endsAt: Date;
}

/** The hold that ends last; undefined: nothing stops the erasure of what is this customer's (GDPR Art. 17(3)(e)). */
export async function holdOf(
  em: EntityManager,
  customerId: CustomerId,
  nowMs: number,
): Promise<HoldInForce | undefined> {
  const [hold]: { hold_id: string; reason: string; ends_at: Date }[] = await em.query(
    `SELECT hold_id, reason, ends_at FROM legal_holds
     WHERE customer_id = $2 AND released_at IS NULL AND ends_at > $1 ORDER BY ends_at DESC LIMIT 1`,
    [new Date(nowMs), customerId],
  );
  return hold && { holdId: hold.hold_id, reason: hold.reason, endsAt: hold.ends_at };
}
