import { handledAs, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const receipt = handledAs({ activity: 'proof', retention: 'audit-log', erasure: 'id-leads-nowhere' });
const signature = notPersonal('Signs the receipt.');
const published = notPersonal('Published to everybody.');

export const storedErasure: readonly StoredTable[] = [
  {
    table: 'erasures',
    what: 'Erasures with their signed receipts: ids, times and counts.',
    bundle: { notIn: 'Of people of whom nothing is left to hand out; they have the receipt.' },
    columns: {
      erasure_id: receipt('trace', 'Names the erasure.'),
      tenant_id: tenant,
      customer_id: receipt('trace', 'Who was erased, by an id that leads nowhere.'),
      reason: receipt('trace', 'Why, in a word of Timbre’s own.'),
      rules: receipt('trace', 'Under which rules of which laws.'),
      request_id: receipt('trace', 'Which request it answered.'),
      requested_by: receipt('staff', 'By which token.', {
        activity: 'access-control',
        erasure: 'label-changed',
      }),
      requested_at: receipt('trace', 'When it was asked for.'),
      keys: receipt('trace', 'Which keys were destroyed, by id, and when.'),
      erased_at: receipt('trace', 'When it was done.'),
      counts: receipt('trace', 'How many rows of each table.'),
      receipt: receipt('trace', 'The same, as it was signed.'),
      signature,
      signing_key_id: signature,
    },
    erasure: { act: 'kept', why: 'the receipt: ids, times and counts' },
  },
  {
    table: 'receipt_keys',
    what: 'The public keys by which receipts are verified.',
    columns: { tenant_id: tenant, key_id: published, public_key: published, first_used_at: published },
  },
];
