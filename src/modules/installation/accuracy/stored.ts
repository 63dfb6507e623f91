import { notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const served = notPersonal('Which models are served, and since when.');
const count = notPersonal('Counts of comparisons: of whom or of which voice cannot be told.');
const threshold = notPersonal('A threshold of the business, not about a person.');

export const storedAccuracy: readonly StoredTable[] = [
  {
    table: 'own_caller_counts',
    what: 'How many comparisons of consenting callers with other customers’ voiceprints came out how high: counts alone.',
    columns: {
      tenant_id: tenant,
      model_id: served,
      model_sha256: served,
      mean_voice_version: served,
      measurement_id: notPersonal('Names the measurement.'),
      calls: count,
      callers: count,
      pairs: count,
      pairs_squared: count,
      above: count,
      above_squared: count,
      above_by_pairs: count,
      own: count,
      own_above: count,
      weighed_pairs: count,
      since: count,
      updated_at: count,
    },
  },
  {
    table: 'acceptance_bounds',
    what: 'Thresholds at which as many strangers are accepted as is stated, from those counts.',
    columns: {
      tenant_id: tenant,
      version: threshold,
      model_id: served,
      model_sha256: served,
      mean_voice_version: served,
      convenience: threshold,
      standard: threshold,
      strict: threshold,
      callers: count,
      pairs: count,
      created_at: threshold,
    },
  },
];
