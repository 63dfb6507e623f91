import { handledAs, ordinal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, type StoredTable } from '../../../platform/database/stored-table.js';
import { ofCustomerOrCall } from '../../calls/call-log/whose-call.js';

const suspicion = handledAs({
  activity: 'fraud-detection',
  retention: 'call',
  erasure: 'customer-row-deleted',
});
const staff = { activity: 'access-control', retention: 'with-its-row', erasure: 'label-changed' } as const;

export const storedAccounts: readonly StoredTable[] = [
  {
    table: 'account_events',
    what: 'What the business says was done on the account during a call.',
    bundle: { in: 'accountEvents' },
    columns: {
      account_event_id: ordinal,
      tenant_id: tenant,
      call_id: suspicion('identifier', 'In which call.'),
      customer_id: suspicion('identifier', 'On whose account.'),
      kind: suspicion('account-activity', 'What was done.'),
      reference: suspicion('account-activity', 'The business’s own number of it.'),
      at: suspicion('account-activity', 'When.'),
      recorded_by: suspicion('staff', 'By which token it was told.', staff),
    },
    goesWith: { call: 'DELETE FROM account_events WHERE call_id = ANY($1)' },
    erasure: {
      act: 'delete',
      why: 'what was done on the account, with the tenant’s reference',
      erase: erasing(`DELETE FROM account_events WHERE ${ofCustomerOrCall}`),
    },
  },
];
