import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { unknownCustomer } from '../customers/customer-lock.js';
import { Customer } from '../customers/customer.entity.js';
import { readLedgerRows, toEntries } from './consent-ledger.js';
import { toConsentViews, type ConsentView } from './consent-view.js';
import { readAskingNotices } from './notice-store.js';

/** What a customer has agreed to; given in customer-changes, taken back in withdrawals. */
@Injectable()
export class ConsentsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list({ tenantId }: Principal, customerId: CustomerId): Promise<ConsentView[]> {
    return this.database.forTenant(tenantId, async (em) => {
      if (!(await em.existsBy(Customer, { customerId }))) unknownCustomer();
      const rows = await readLedgerRows(em, customerId);
      return toConsentViews(rows, toEntries(rows, await readAskingNotices(em)), this.clock.nowMs());
    });
  }
}
