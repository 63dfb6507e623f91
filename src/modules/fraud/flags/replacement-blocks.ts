import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Owner } from '../../people/voiceprints/customer-keys.js';
import type { ReplacementBlocks } from '../../people/voiceprints/replacement-blocks.port.js';

/** A voiceprint is not replaced while a call of the customer is under way or a grave flag of theirs awaits its review. */
@Injectable()
export class CallsAndFlagsBlock implements ReplacementBlocks {
  async blockNow(
    em: EntityManager,
    { tenantId, customerId }: Owner,
  ): Promise<'call-under-way' | 'flag-open' | null> {
    const [found] = await em.query<{ flag: boolean; call: boolean }[]>(
      `SELECT EXISTS (SELECT FROM flags WHERE tenant_id = $1 AND customer_id = $2
                AND state IN ('open', 'in-review') AND severity IN ('high', 'critical')) AS flag,
              EXISTS (SELECT FROM calls WHERE tenant_id = $1 AND claimed_customer_id = $2 AND closed_at IS NULL) AS call`,
      [tenantId, customerId],
    );
    if (found?.flag === true) return 'flag-open';
    return found?.call === true ? 'call-under-way' : null;
  }
}
