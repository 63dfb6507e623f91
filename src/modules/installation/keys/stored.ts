import { notPersonal } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const store = notPersonal('Names the key store.');

export const storedKeys: readonly StoredTable[] = [
  {
    table: 'key_store',
    what: 'Which key store holds the halves of the keys.',
    columns: { is_only: store, store_id: store, recorded_at: store },
  },
];
