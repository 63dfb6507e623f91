import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { lockCustomer } from '../customers/customer-lock.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { Customer } from '../customers/customer.entity.js';
import { redateVoiceprints } from '../voiceprints/redate.js';

@Injectable()
export class ResidenceChange {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The person has moved: from now on the laws of the new place protect them, so what is kept gets its date anew, and live
   * calls ask the gate again. Throws customer-not-found.
   */
  async change(by: Principal, customerId: CustomerId, residence: string | null): Promise<Customer> {
    const { tenantId } = by;
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      const customer = await lockCustomer(em, customerId);
      const from = customer.residence;
      if (from === residence) return customer;
      const nowMs = this.clock.nowMs();
      await em.update(Customer, { customerId }, { residence });
      customer.residence = residence;
      await redateVoiceprints(em, customer, policy, nowMs);
      await recordFact(em, tenantId, new Date(nowMs), {
        action: 'residence-changed',
        by: by.tokenId,
        subject: { kind: 'customer', id: customerId },
        details: {
          from,
          to: residence,
          packs: subjectOfCustomer(customer, policy).packs.map(({ packId }) => packId),
        },
      });
      return customer;
    });
  }
}
