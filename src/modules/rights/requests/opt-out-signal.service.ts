import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import { packsFor } from '../../../core/privacy/packs/registry.js';
import { optOutSignalRule } from '../../../core/privacy/packs/requests.js';
import { Database } from '../../../platform/database/database.service.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { objectsTo } from '../../people/consents/objection-store.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { RequestsService } from './requests.service.js';

/** The value of `Sec-GPC` as Express gives it. */
export type OptOutHeader = string | readonly string[] | undefined;

export type SignalOutcome =
  | 'no-signal'
  /** No law that protects this person asks that the signal is honoured. */
  | 'not-asked-for'
  | 'recorded'
  /** It stood already. */
  | 'standing';

/** Global Privacy Control: "1" and nothing else says no (https://www.w3.org/TR/gpc/, The Sec-GPC Header Field). */
export function saysOptOut(header: OptOutHeader): boolean {
  return header === '1';
}

/** For web pages that know whose visit it is: call it on each of them, it records the opt-out once. */
@Injectable()
export class OptOutSignalService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly requests: RequestsService,
  ) {}

  /** Whether a law that protects the person has the signal of this visit count. */
  async counts(tenantId: TenantId, customerId: CustomerId, header: OptOutHeader): Promise<boolean> {
    if (!saysOptOut(header)) return false;
    const { privacy } = await this.policies.current(tenantId);
    const customer = await this.database.forTenant(tenantId, (em) => em.findOneBy(Customer, { customerId }));
    return (
      customer !== null &&
      optOutSignalRule(packsFor(customer.residence, privacy.packs, privacy.everywhere)) !== null
    );
  }

  async hear(by: Principal, customerId: CustomerId, header: OptOutHeader): Promise<SignalOutcome> {
    if (!saysOptOut(header)) return 'no-signal';
    const { tenantId } = by;
    if (!(await this.counts(tenantId, customerId, header))) return 'not-asked-for';
    const isStanding = await this.database.forTenant(tenantId, (em) =>
      objectsTo(em, customerId, 'sale-or-sharing'),
    );
    if (isStanding) return 'standing';
    try {
      const asked = { kind: 'objection' as const, scopes: ['sale-or-sharing' as const] };
      await this.requests.open(by, customerId, asked, 'opt-out-signal');
    } catch (error) {
      // Two pages of one visit at once: the other one has it.
      if (error instanceof ProblemError && error.slug === 'request-open') return 'standing';
      throw error;
    }
    return 'recorded';
  }
}
