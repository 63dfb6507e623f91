import type { CallId, CustomerId, TenantId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';
import { purposesOf } from '../../../core/privacy/requests/objections.js';
import type { Fact, StoredFact } from './fact.js';

/**
 * What a fact does to what may be done with a customer's voice. `begins`: it may be more than before; `changes`: it may be less;
 * `ends`: it has been ended by the person; `erased`: nothing is left of them.
 */
export interface CustomerEffect {
  readonly tenantId: TenantId;
  readonly customerId: CustomerId;
  readonly effect: 'begins' | 'changes' | 'ends' | 'erased';
}

export function customerEffect(fact: StoredFact): CustomerEffect | undefined {
  const { tenantId } = fact;
  switch (fact.action) {
    case 'consent-granted':
    case 'voiceprint-enrolled':
      return { tenantId, customerId: fact.subject.id, effect: 'begins' };
    case 'objection-taken-back':
      return { tenantId, customerId: fact.details.customerId, effect: 'begins' };
    case 'residence-changed':
    case 'voiceprint-expired':
      return { tenantId, customerId: fact.subject.id, effect: 'changes' };
    case 'consent-withdrawn':
    case 'voiceprint-revoked':
      return { tenantId, customerId: fact.subject.id, effect: 'ends' };
    case 'request-received':
      return isObjection(fact)
        ? { tenantId, customerId: fact.details.customerId, effect: 'ends' }
        : undefined;
    case 'customer-erased':
      return { tenantId, customerId: fact.subject.id, effect: 'erased' };
    default:
      return undefined;
  }
}

/** An objection, or a limit: in force from this fact on. */
export function isObjection(fact: Extract<Fact, { action: 'request-received' }>): boolean {
  return fact.details.kind === 'objection' || fact.details.kind === 'limit';
}

/** The person said no to purposes of their voice. */
export interface SaidNo {
  readonly customerId: CustomerId;
  readonly purposes: readonly Purpose[];
  readonly because: 'consent-withdrawn' | 'objected';
  readonly at: Date;
}

/** Facts by which they say it. */
export const sayingNo = ['consent-withdrawn', 'request-received'] as const;

export function saidNo(fact: StoredFact): SaidNo | undefined {
  const { at } = fact;
  if (fact.action === 'consent-withdrawn')
    return { customerId: fact.subject.id, purposes: fact.details.purposes, because: fact.action, at };
  if (fact.action !== 'request-received' || !isObjection(fact)) return undefined;
  const purposes = fact.details.scopes.flatMap((scope) => purposesOf[scope]);
  return { customerId: fact.details.customerId, purposes, because: 'objected', at };
}

/** The call whose flags stand otherwise than before; of destroyed measurements whoever destroys them tells. */
export function flaggedCall(fact: Fact): CallId | undefined {
  switch (fact.action) {
    case 'flag-raised':
    case 'flag-grew':
    case 'flag-customer-named':
    case 'flag-reviewed':
      return fact.callId;
    default:
      return undefined;
  }
}

/** A new version of the notice: consents that counted may count no more. */
export function asksAgain(fact: Fact): boolean {
  return fact.action === 'notice-added' && fact.details.asksAgain;
}
