import { handledAs, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const hold = handledAs({ activity: 'proof', retention: 'audit-log', erasure: 'id-leads-nowhere' });
const staff = { activity: 'access-control', erasure: 'label-changed' } as const;

export const storedLegalHolds: readonly StoredTable[] = [
  {
    table: 'legal_holds',
    what: 'What must not be deleted for now, why and until when.',
    bundle: { notIn: 'Of the business: what it says about a claim is not for the other side.' },
    columns: {
      hold_id: hold('identifier', 'Names the hold.'),
      tenant_id: tenant,
      customer_id: hold('identifier', 'Whose data is held.'),
      entry_id: hold('identifier', 'Which voice on a watchlist is held.'),
      reason: hold('request', 'For which claim.'),
      placed_by: hold('staff', 'By which token.', staff),
      placed_at: hold('trace', 'When it was placed.'),
      ends_at: hold('trace', 'When it ends.'),
      released_at: hold('trace', 'When it was ended before.'),
      released_by: hold('staff', 'By which token.', staff),
    },
    erasure: { act: 'kept', why: 'that something was held, for which claim and until when: ids and dates' },
  },
];
