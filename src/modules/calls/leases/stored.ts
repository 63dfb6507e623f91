import { notPersonal } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

export const storedLeases: readonly StoredTable[] = [
  {
    table: 'process_leases',
    what: 'Which processes of Timbre live: each renews its lease every two seconds.',
    columns: {
      process_id: notPersonal('Random.'),
      expires_at: notPersonal('Until when it counts as alive.'),
    },
  },
];
