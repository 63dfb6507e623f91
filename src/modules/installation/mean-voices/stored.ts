import { handledAs, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const staff = handledAs({
  activity: 'access-control',
  retention: 'while-served',
  erasure: 'label-changed',
});
const business = notPersonal('About the business, not a person.');
const crowd = notPersonal('Of 30 different people at least, none of whom can be taken out of it again.');
const served = notPersonal('Which models are served, and since when.');

export const storedMeanVoices: readonly StoredTable[] = [
  {
    table: 'centre_sums',
    what: 'Directions of many callers’ voices added up, for the mean voice that voices are compared around.',
    columns: {
      tenant_id: tenant,
      model_id: served,
      model_sha256: served,
      sum: crowd,
      calls: crowd,
      since: crowd,
      updated_at: crowd,
    },
  },
  {
    table: 'centre_versions',
    what: 'Centres that were put in force: means over 30 callers and more.',
    bundle: { notIn: 'About the business’s own people.' },
    columns: {
      tenant_id: tenant,
      version: business,
      model_id: served,
      model_sha256: served,
      centre: crowd,
      calls: crowd,
      created_at: business,
      created_by: staff('staff', 'By which token.'),
    },
  },
];
