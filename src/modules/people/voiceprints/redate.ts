import type { EntityManager } from 'typeorm';
import type { Policy } from '../../../core/policy/policy.js';
import type { ConsentEntry } from '../../../core/privacy/consent.js';
import { voiceprintExpiry } from '../../../core/privacy/retention.js';
import { readLedger } from '../consents/consent-ledger.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import type { Customer } from '../customers/customer.entity.js';
import { Voiceprint } from './voiceprint.entity.js';

/**
 * Sets the active voiceprints' expiry anew after consent, policy or the last interaction changed; the end that a retired
 * model gave one stays where it comes sooner. The caller holds the customer's lock.
 */
export async function redateVoiceprints(
  em: EntityManager,
  customer: Customer,
  policy: Policy,
  nowMs: number,
  ledger?: readonly ConsentEntry[],
): Promise<void> {
  const expiry = voiceprintExpiry({
    subject: subjectOfCustomer(customer, policy),
    policy: policy.retention,
    ledger: ledger ?? (await readLedger(em, customer.customerId)),
    nowMs,
  });
  const expiresAt = new Date(expiry.atMs);
  await em
    .createQueryBuilder()
    .update(Voiceprint)
    .set({ expiresAt, expiryReason: expiry.reason, expiryDecidedBy: expiry.decidedBy })
    .where({ customerId: customer.customerId, status: 'active' })
    // What is past its date stays due, whatever comes before the sweeper does.
    .andWhere('restricted_at IS NULL AND expires_at > :now', { now: new Date(nowMs) })
    .andWhere(`(expiry_reason <> 'model-retired' OR expires_at > :expiresAt)`, { expiresAt })
    .execute();
}
