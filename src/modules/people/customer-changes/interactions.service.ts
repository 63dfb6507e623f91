import { Injectable } from '@nestjs/common';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { lockCustomer } from '../customers/customer-lock.js';
import { Customer } from '../customers/customer.entity.js';
import { redateVoiceprints } from '../voiceprints/redate.js';

@Injectable()
export class Interactions {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
  ) {}

  /** The customer was dealt with now: what is kept of the voice may be kept from now on as long as policy says. */
  async touch(tenantId: TenantId, customerId: CustomerId, nowMs: number): Promise<void> {
    const policy = await this.policies.current(tenantId);
    await this.database.forTenant(tenantId, async (em) => {
      const customer = await lockCustomer(em, customerId);
      if (customer.lastInteractionAt.getTime() >= nowMs) return;
      customer.lastInteractionAt = new Date(nowMs);
      await em.update(Customer, { customerId }, { lastInteractionAt: customer.lastInteractionAt });
      await redateVoiceprints(em, customer, policy, nowMs);
    });
  }
}
