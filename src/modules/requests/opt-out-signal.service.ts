import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/auth/principal.js';
import type { CustomerId } from '../../core/ids.js';
import { packsFor } from '../../core/privacy/packs/registry.js';
import { optOutSignalRule } from '../../core/privacy/packs/requests.js';
import { Database } from '../../platform/database/database.service.js';
import { ProblemError } from '../../platform/http/problem.js';
import { objectsTo } from '../consents/objection-store.js';
import { Customer } from '../customers/customer.entity.js';
import { PoliciesService } from '../policies/policies.service.js';
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

  async hear(by: Principal, customerId: CustomerId, header: OptOutHeader): Promise<SignalOutcome> {
    if (!saysOptOut(header)) return 'no-signal';
    const { privacy } = await this.policies.current(by.tenantId);
    const found = await this.database.forTenant(by.tenantId, async (em) => {
      const customer = await em.findOneBy(Customer, { customerId });
      if (customer === null) return undefined;
      const standing = await objectsTo(em, customerId, 'sale-or-sharing');
      return { standing, laws: packsFor(customer.residence, privacy.packs, privacy.everywhere) };
    });
    if (found === undefined || optOutSignalRule(found.laws) === null) return 'not-asked-for';
    if (found.standing) return 'standing';
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
