import { keyState, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const business = notPersonal('About the business, not a person.');

export const storedTenants: readonly StoredTable[] = [
  {
    table: 'tenants',
    what: 'The businesses that use this installation.',
    columns: {
      tenant_id: tenant,
      name: business,
      wrapped_key: notPersonal('The business’s key, wrapped by the master key.'),
      key_version: keyState,
      previous_wrapped_key: notPersonal('While it is rotated, the business’s key of before, wrapped.'),
      wrapped_transform: notPersonal('Of which the transforms of templates are made, wrapped.'),
      master_key_id: keyState,
      wrapped_pepper: notPersonal('The business’s key for hashing numbers, wrapped by the master key.'),
      created_at: business,
    },
  },
];
