import { handledAs, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, type StoredTable } from '../../../platform/database/stored-table.js';

const customer = handledAs({
  activity: 'verification',
  retention: 'customer',
  erasure: 'customer-row-deleted',
});

export const storedCustomers: readonly StoredTable[] = [
  {
    table: 'customers',
    what: 'People whose calls may be checked, by the business’s own account reference.',
    bundle: { in: 'customer' },
    columns: {
      customer_id: customer('identifier', 'The customer’s id in Timbre.'),
      tenant_id: tenant,
      account_ref: customer('identifier', 'What the business calls the account.'),
      residence: customer('residence', 'Which laws protect the person.'),
      created_at: customer('call', 'Since when Timbre knows of the customer.'),
      last_interaction_at: customer('call', 'When the customer was last dealt with.'),
    },
    retained: [
      {
        kind: 'customer',
        id: 'customer_id',
        at: 't.last_interaction_at',
        where: 'unreferenced',
        days: ({ retention }) => retention.customerDays,
        facts: ({ at }) => ({ kind: 'customer', lastInteractionMs: at.getTime() }),
        customer: 't.customer_id',
        remove: ['DELETE FROM customers WHERE customer_id = ANY($1)'],
        published: {
          data: 'Your account reference and place of residence here',
          activity: 'calls',
          days: ({ retention }) => retention.customerDays,
          period: 'N days after we were last in touch with you, once nothing else of yours is kept',
          endsEarlier: ['You ask for erasure.'],
          destruction: 'customer-row-deleted',
        },
      },
    ],
    erasure: {
      act: 'delete',
      why: 'account reference and residence: the only way from an id to the person',
      erase: erasing('DELETE FROM customers WHERE customer_id = $1'),
    },
  },
];
