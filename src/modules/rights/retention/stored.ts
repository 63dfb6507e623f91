import { notPersonal, ordinal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const swept = notPersonal('Counts and times of a sweep.');

export const storedRetention: readonly StoredTable[] = [
  {
    table: 'retention_runs',
    what: 'The history of sweeps, in numbers.',
    columns: {
      run_id: ordinal,
      tenant_id: tenant,
      started_at: swept,
      finished_at: swept,
      deleted: swept,
      held: swept,
      late: swept,
      clock_set_back_ms: swept,
    },
  },
];
