import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { Customer } from '../customers/customer.entity.js';
import { redateVoiceprints } from '../voiceprints/redate.js';
import type { ServedModel } from '../../installation/models/served-model.js';

/**
 * Gives voiceprints of models that nobody has served since `unservedSinceMs` their last date. The days count from now, when it
 * is noticed: a model left out of the configuration by mistake, or a service that stood still for a month, destroys nothing at once.
 */
export async function dateRetired(
  em: EntityManager,
  unservedSinceMs: number,
  lastDateMs: number,
): Promise<number> {
  const [, dated] = await em.query<[unknown, number]>(
    `UPDATE voiceprints AS v SET expires_at = $2, expiry_reason = 'model-retired'
     WHERE status = 'active' AND expires_at > $2 AND expiry_reason <> 'model-retired'
       AND NOT EXISTS (
         SELECT 1 FROM served_models AS m WHERE m.model_id = v.model_id AND m.model_sha256 = v.model_sha256
           AND m.last_served_at > $1)`,
    [new Date(unservedSinceMs), new Date(lastDateMs)],
  );
  return dated;
}

/** A model has come back: its voiceprints get the date back that consent and policy give them. At most `limit` customers. */
export async function redateReturned(
  em: EntityManager,
  models: readonly ServedModel[],
  policy: Policy,
  nowMs: number,
  limit: number,
): Promise<number> {
  const rows: { customer_id: CustomerId }[] = await em.query(
    `SELECT customer_id FROM customers WHERE customer_id IN (
       SELECT customer_id FROM voiceprints WHERE status = 'active' AND expiry_reason = 'model-retired'
         AND (model_id, model_sha256) IN (SELECT * FROM unnest($1::text[], $2::text[])))
     LIMIT $3 FOR NO KEY UPDATE`,
    [models.map(({ id }) => id), models.map(({ sha256 }) => sha256), limit],
  );
  for (const { customer_id: customerId } of rows) {
    await em.query(
      `UPDATE voiceprints SET expiry_reason = 'days-after-last-interaction'
       WHERE customer_id = $1 AND status = 'active' AND expiry_reason = 'model-retired'`,
      [customerId],
    );
    const customer = await em.findOneByOrFail(Customer, { customerId });
    await redateVoiceprints(em, customer, policy, nowMs);
  }
  return rows.length;
}
