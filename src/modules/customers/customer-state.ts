import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../core/ids.js';
import { consentFor, purposes, type ConsentState, type Purpose } from '../../core/privacy/consent.js';
import { readLedger } from '../consents/consent-ledger.js';
import { newestVoiceprint, toStatusView, type ServedModel } from '../voiceprints/voiceprint-status.js';
import type { Customer } from './customer.entity.js';

export interface CustomerView {
  readonly customerId: CustomerId;
  readonly accountRef: string;
  readonly residence: string | null;
  readonly createdAt: string;
  readonly lastInteractionAt: string;
}

export interface CustomerState extends CustomerView {
  readonly consent: Readonly<Record<Purpose, ConsentState['kind']>>;
  /** `none` when there never was one. */
  readonly voiceprint: 'none' | 'active' | 'replaced' | 'revoked' | 'expired';
}

export function toCustomerView({
  customerId,
  accountRef,
  residence,
  createdAt,
  lastInteractionAt,
}: Customer): CustomerView {
  return {
    customerId,
    accountRef,
    residence,
    createdAt: createdAt.toISOString(),
    lastInteractionAt: lastInteractionAt.toISOString(),
  };
}

export async function customerState(
  em: EntityManager,
  customer: Customer,
  served: readonly ServedModel[],
  nowMs: number,
): Promise<CustomerState> {
  const ledger = await readLedger(em, customer.customerId);
  const newest = await newestVoiceprint(em, customer.customerId);
  const consent = Object.fromEntries(
    purposes.map((purpose) => [purpose, consentFor(purpose, ledger, nowMs).kind]),
  );
  return {
    ...toCustomerView(customer),
    consent: consent as Record<Purpose, ConsentState['kind']>,
    voiceprint: newest === undefined ? 'none' : toStatusView(newest, served, nowMs).status,
  };
}
