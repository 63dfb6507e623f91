import type { CustomerId } from '../../../core/ids.js';
import type { Customer } from './customer.entity.js';

export interface CustomerView {
  readonly customerId: CustomerId;
  readonly accountRef: string;
  readonly residence: string | null;
  readonly createdAt: string;
  readonly lastInteractionAt: string;
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

/** For the documentation. */
export const customerExample: CustomerView = {
  customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11' as CustomerId,
  accountRef: 'ACC-1001',
  residence: 'US-IL',
  createdAt: '2026-03-01T09:30:00.000Z',
  lastInteractionAt: '2026-03-01T09:30:00.000Z',
};
