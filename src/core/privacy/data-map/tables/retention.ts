import { handledAs, notPersonal, ordinal, tenant, type TableUse } from '../data-map.types.js';

const hold = handledAs({ activity: 'proof', retention: 'audit-log', erasure: 'id-leads-nowhere' });
const staff = { activity: 'access-control', erasure: 'label-changed' } as const;
const swept = notPersonal('Counts and times of a sweep.');

export const retentionTables: readonly TableUse[] = [
  {
    table: 'legal_holds',
    what: 'What must not be deleted for now, why and until when.',
    bundle: { notIn: 'Of the business: what it says about a claim is not for the other side.' },
    columns: {
      hold_id: hold('identifier', 'Names the hold.'),
      tenant_id: tenant,
      customer_id: hold('identifier', 'Whose data is held.'),
      entry_id: hold('identifier', 'Which voice on a watchlist is held.'),
      reason: hold('request', 'For which claim.'),
      placed_by: hold('staff', 'By which token.', staff),
      placed_at: hold('trace', 'When it was placed.'),
      ends_at: hold('trace', 'When it ends.'),
      released_at: hold('trace', 'When it was ended before.'),
      released_by: hold('staff', 'By which token.', staff),
    },
  },
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
