import {
  chained,
  handledAs,
  notPersonal,
  ordinal,
  tenant,
} from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const trace = handledAs({ activity: 'proof', retention: 'audit-log', erasure: 'id-leads-nowhere' });
const staff = { activity: 'access-control', erasure: 'label-changed' } as const;

export const storedFacts: readonly StoredTable[] = [
  {
    table: 'audit_entries',
    what: 'The audit log: who did what with whose data, append-only and chained.',
    bundle: { in: 'uses' },
    columns: {
      tenant_id: tenant,
      seq: ordinal,
      at: trace('trace', 'When.'),
      action: trace('trace', 'What was done.'),
      by_token: trace('staff', 'By which token.', staff),
      subject_kind: notPersonal('What kind of thing it was done with.'),
      subject_id: trace('trace', 'With whose data, by id.'),
      call_id: trace('trace', 'In which call.'),
      details: trace('trace', 'Ids, counts and words of Timbre’s own.'),
      previous_hash: chained,
      hash: chained,
    },
  },
  {
    table: 'ledger_heads',
    what: 'How far each chain has come.',
    columns: { tenant_id: tenant, ledger: notPersonal('Which chain.'), count: ordinal, hash: chained },
  },
  {
    table: 'fact_cursors',
    what: 'How far each reader that must miss nothing has come in the audit log.',
    columns: { tenant_id: tenant, reader: notPersonal('Which reader.'), seq: ordinal },
  },
];
