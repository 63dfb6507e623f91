import { notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const served = notPersonal('Which models are served, and since when.');

export const storedModels: readonly StoredTable[] = [
  {
    table: 'served_models',
    what: 'Speaker models that calls are or were checked with.',
    columns: {
      tenant_id: tenant,
      model_id: served,
      model_sha256: served,
      first_served_at: served,
      last_served_at: served,
    },
  },
];
