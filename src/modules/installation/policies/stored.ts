import { handledAs, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const staff = handledAs({
  activity: 'access-control',
  retention: 'while-served',
  erasure: 'label-changed',
});
const business = notPersonal('About the business, not a person.');

export const storedPolicies: readonly StoredTable[] = [
  {
    table: 'policies',
    what: 'The business’s rules, in versions, with the details it gives for the record of processing.',
    bundle: { notIn: 'About the business’s own people.' },
    columns: {
      tenant_id: tenant,
      version: business,
      document: staff('staff', 'Names the controller’s contacts and data protection officer, if given.', {
        activity: 'proof',
        retention: 'audit-log',
        erasure: 'with-its-row',
      }),
      created_at: business,
      created_by: staff('staff', 'By which token.'),
    },
  },
];
