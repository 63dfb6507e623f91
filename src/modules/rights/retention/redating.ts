import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { packs } from '../../../core/privacy/packs/registry.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { redateVoiceprints } from '../../people/voiceprints/redate.js';
import { isOnlySweeper } from './sweep-lock.js';

const batch = 100;

/** A stricter policy, or a law switched on, reaches the voiceprints that are there already: once for each version of the policy. */
@Injectable()
export class Redating {
  private readonly doneFor = new Map<TenantId, number>();

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async redate(tenantId: TenantId, policy: Policy): Promise<'done' | 'busy'> {
    if (this.doneFor.get(tenantId) === policy.version) return 'done';
    let after: CustomerId | null = null;
    do {
      const page: CustomerId[] | undefined = await this.database.forTenant(tenantId, async (em) => {
        if (!(await isOnlySweeper(em))) return undefined;
        const outliving = await lockOutliving(em, policy, after);
        for (const customerId of outliving) {
          const customer = await em.findOneByOrFail(Customer, { customerId });
          await redateVoiceprints(em, customer, policy, this.clock.nowMs());
        }
        return outliving;
      });
      if (page === undefined) return 'busy';
      after = page.length < batch ? null : (page.at(-1) ?? null);
    } while (after !== null);
    this.doneFor.set(tenantId, policy.version);
    return 'done';
  }
}

/** Customers whose voiceprint may outlive the policy or a law now in force, locked, in order of their ids. */
async function lockOutliving(
  em: EntityManager,
  { retention, privacy }: Policy,
  after: CustomerId | null,
): Promise<CustomerId[]> {
  const rows: { customer_id: CustomerId }[] = await em.query(
    `SELECT customer_id FROM customers AS c
     WHERE ($4::uuid IS NULL OR customer_id > $4) AND EXISTS (
       SELECT 1 FROM voiceprints AS v WHERE v.customer_id = c.customer_id AND v.status = 'active'
         AND v.expires_at > least(c.last_interaction_at + $1 * interval '24 hours',
           ((c.last_interaction_at AT TIME ZONE 'UTC') + $2 * interval '1 month') AT TIME ZONE 'UTC'))
     ORDER BY customer_id LIMIT $3 FOR NO KEY UPDATE`,
    [retention.voiceprintDaysAfterLastInteraction, shortestMonths(privacy.packs), batch, after],
  );
  return rows.map((row) => row.customer_id);
}

/** Of the switched-on laws; whom each protects is asked one by one. */
function shortestMonths(enabled: Policy['privacy']['packs']): number | null {
  const months = enabled.flatMap((packId) =>
    packs[packId].rules.retention.flatMap(({ from, period }) =>
      from === 'last-interaction' && 'months' in period ? [period.months] : [],
    ),
  );
  return months.length === 0 ? null : Math.min(...months);
}
