import type { EntityManager } from 'typeorm';
import type { Policy } from '../../../core/policy/policy.js';
import { purposes, type ConsentState, type Purpose } from '../../../core/privacy/consent.js';
import { gateFor, type GateDecision } from '../../../core/privacy/gate.js';
import type { PackId } from '../../../core/privacy/packs/pack.js';
import { readLedger } from '../consents/consent-ledger.js';
import type { ServedModel } from '../../installation/models/served-model.js';
import { newestVoiceprint, toStatusView } from '../voiceprints/voiceprint-status.js';
import { subjectOfCustomer } from '../customers/customer-subject.js';
import { toCustomerView, type CustomerView } from '../customers/customer-view.js';
import type { Customer } from '../customers/customer.entity.js';

export interface CustomerState extends CustomerView {
  /** As the gate sees it: consent that the law of the person's home does not take is missing. */
  readonly consent: Readonly<Record<Purpose, ConsentState['kind']>>;
  /** The laws that protect this person. */
  readonly packs: readonly PackId[];
  /** `none` when there never was one. */
  readonly voiceprint: 'none' | 'active' | 'replaced' | 'revoked' | 'expired';
}

export async function customerState(
  em: EntityManager,
  customer: Customer,
  policy: Policy,
  served: readonly ServedModel[],
  nowMs: number,
): Promise<CustomerState> {
  const ledger = await readLedger(em, customer.customerId);
  const subject = subjectOfCustomer(customer, policy);
  const newest = await newestVoiceprint(em, customer.customerId);
  const consent = Object.fromEntries(
    purposes.map((purpose) => [purpose, consentShown(gateFor(purpose, ledger, subject, nowMs))]),
  );
  return {
    ...toCustomerView(customer),
    consent: consent as Record<Purpose, ConsentState['kind']>,
    packs: subject.packs.map(({ packId }) => packId),
    voiceprint: newest === undefined ? 'none' : toStatusView(newest, served, nowMs).status,
  };
}

function consentShown(gate: GateDecision): ConsentState['kind'] {
  if (gate.kind === 'open') return 'granted';
  switch (gate.reason) {
    case 'consent-expired':
      return 'expired';
    case 'consent-withdrawn':
      return 'withdrawn';
    case 'objected':
      return 'objected';
    case 'consent-missing':
    case 'consent-method-not-enough':
    case 'consent-to-be-renewed':
      return 'missing';
  }
}
