import type { EntityManager } from 'typeorm';
import type { CustomerId, KeyId } from '../../../core/ids.js';
import type { ErasedRows } from '../../../core/privacy/erasure-plan.js';
import type { KeyShares } from '../../../platform/crypto/key-shares.port.js';
import { eraseCallsOf } from '../../calls/call-log/erased-calls.js';
import type { Owner } from '../../people/voiceprints/customer-keys.js';
import type { DestroyedKey } from './erasure.entity.js';

/**
 * Ends the customer's keys, and with them every ciphertext wherever a copy of one lies. Returns all keys that there ever were.
 * The caller holds the customer's row.
 */
export async function destroyKeys(
  em: EntityManager,
  { tenantId, customerId }: Owner,
  shares: KeyShares,
  at: Date,
): Promise<DestroyedKey[]> {
  const known: { key_id: KeyId }[] = await em.query(
    'SELECT key_id FROM customer_keys WHERE customer_id = $1',
    [customerId],
  );
  // First the halves that no backup of this database holds: whatever happens next, nothing opens any more.
  await shares.destroy(
    tenantId,
    known.map(({ key_id }) => key_id),
  );
  // The sweep of the key's sealed rows (hand-overs) hangs on this update.
  await em.query(
    `UPDATE customer_keys SET wrapped_key = NULL, destroyed_at = $2, destroyed_reason = 'erasure'
     WHERE customer_id = $1 AND destroyed_at IS NULL`,
    [customerId, at],
  );
  const rows: { key_id: KeyId; destroyed_at: Date }[] = await em.query(
    'SELECT key_id, destroyed_at FROM customer_keys WHERE customer_id = $1 ORDER BY destroyed_at, key_id',
    [customerId],
  );
  return rows.map(({ key_id: keyId, destroyed_at }) => ({ keyId, destroyedAt: destroyed_at.toISOString() }));
}

/** Every row that is the customer's own, then the customer. Nothing that refers to a row is left when the row goes. */
export async function eraseRows(em: EntityManager, customerId: CustomerId): Promise<ErasedRows> {
  const run = async (sql: string): Promise<number> =>
    (await em.query<[unknown, number]>(sql, [customerId]))[1];
  const ofCalls = 'call_id IN (SELECT call_id FROM calls WHERE claimed_customer_id = $1)';
  const ofCustomer = `(customer_id = $1 OR (customer_id IS NULL AND ${ofCalls}))`;

  const enrolment_stretches = await run('DELETE FROM enrolment_stretches WHERE customer_id = $1');
  const voiceprints = await run('DELETE FROM voiceprints WHERE customer_id = $1');
  const self_service_links = await run('DELETE FROM self_service_links WHERE customer_id = $1');
  const self_service_sessions = await run('DELETE FROM self_service_sessions WHERE customer_id = $1');
  const call_handovers = await run('DELETE FROM call_handovers WHERE customer_id = $1');
  const customer_keys = await run('DELETE FROM customer_keys WHERE customer_id = $1');
  const account_events = await run(`DELETE FROM account_events WHERE ${ofCustomer}`);
  await run(`DELETE FROM flag_changes WHERE flag_id IN (SELECT flag_id FROM flags WHERE ${ofCustomer})`);
  const flags = await run(`DELETE FROM flags WHERE ${ofCustomer}`);
  const { calls, call_events } = await eraseCallsOf(em, customerId);
  const consent_proofs = await run(
    'DELETE FROM consent_proofs WHERE consent_id IN (SELECT consent_id FROM consents WHERE customer_id = $1)',
  );
  const objections = await run('DELETE FROM objections WHERE customer_id = $1');
  const requests = await run(
    `UPDATE requests SET authority_proof = NULL, extension_reason = NULL, identity_reference = NULL, explanation = NULL
     WHERE customer_id = $1`,
  );
  const customers = await run('DELETE FROM customers WHERE customer_id = $1');
  return {
    customer_keys,
    enrolment_stretches,
    voiceprints,
    call_handovers,
    account_events,
    flags,
    self_service_links,
    self_service_sessions,
    call_events,
    calls,
    consent_proofs,
    objections,
    requests,
    customers,
  };
}
