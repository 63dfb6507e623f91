import type { CustomerId, RequestId } from '../../../core/ids.js';
import type { RequestView } from './request-view.js';

export const requestExample: RequestView = {
  requestId: '1f6a0a53-4f0a-4a0e-9a8e-3b7f1e2d4c55' as RequestId,
  customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11' as CustomerId,
  kind: 'access',
  scopes: [],
  channel: 'agent',
  onBehalf: null,
  appealOf: null,
  state: 'received',
  packs: ['gdpr'],
  right: { packId: 'gdpr', rule: 'access', article: 'Art. 12(3), Art. 15' },
  receivedAt: '2026-03-01T09:30:00.000Z',
  dueAt: '2026-04-01T09:30:00.000Z',
  dueBy: { packId: 'gdpr', rule: 'access', article: 'Art. 12(3), Art. 15' },
  standing: 'on-time',
  extension: { kind: 'possible', until: '2026-06-01T09:30:00.000Z' },
  receipt: { standing: 'not-asked', confirmBy: null, confirmedAt: null },
  identity: null,
  releasedAt: null,
  answer: null,
  appealUnder: null,
};
