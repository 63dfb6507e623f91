import { handledAs, notPersonal, ordinal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, type StoredTable } from '../../../platform/database/stored-table.js';
import { heldCall, ofCustomerOrCall } from '../../calls/call-log/whose-call.js';

const suspicion = handledAs({
  activity: 'fraud-detection',
  retention: 'call',
  erasure: 'customer-row-deleted',
});
const staff = { activity: 'access-control', retention: 'with-its-row', erasure: 'label-changed' } as const;

export const storedFlags: readonly StoredTable[] = [
  {
    table: 'flag_changes',
    what: 'What happened to a flag, in order.',
    bundle: { notIn: 'Reviewers’ notes; what came of the review is in the flag.' },
    columns: {
      change_id: ordinal,
      tenant_id: tenant,
      flag_id: suspicion('identifier', 'Which flag.'),
      at: suspicion('suspicion', 'When.'),
      changed_by: suspicion('staff', 'By which token.', staff),
      change: suspicion('suspicion', 'What changed, with the reviewer’s note.'),
    },
    goesWith: {
      flag: 'DELETE FROM flag_changes WHERE flag_id = ANY($1)',
      call: 'DELETE FROM flag_changes WHERE flag_id IN (SELECT flag_id FROM flags WHERE call_id = ANY($1))',
    },
  },
  {
    table: 'flags',
    what: 'Suspicions about a call, for people to look at.',
    bundle: { in: 'flags' },
    columns: {
      flag_id: suspicion('identifier', 'Names the flag.'),
      tenant_id: tenant,
      call_id: suspicion('identifier', 'About which call.'),
      customer_id: suspicion('identifier', 'On whose account.'),
      severity: suspicion('suspicion', 'How severe.'),
      state: suspicion('suspicion', 'Open, in review, or what the review found.'),
      reasons: suspicion(
        'suspicion',
        'Each reason with its evidence; what was measured of a voice goes with a withdrawal in the call.',
      ),
      policy_version: notPersonal('Which policy it was weighed under.'),
      assignee: suspicion('staff', 'Who reviews it.', { ...staff, erasure: 'with-its-row' }),
      created_at: suspicion('suspicion', 'When it was raised.'),
      updated_at: suspicion('suspicion', 'When it last changed.'),
      version: notPersonal('Counts changes.'),
    },
    retained: [
      {
        kind: 'flag',
        id: 'flag_id',
        at: 't.updated_at',
        where: 'true',
        days: ({ retention }) => retention.flagDays,
        facts: ({ at }) => ({ kind: 'flag', changedMs: at.getTime() }),
        customer: 't.customer_id',
        held: heldCall('t.call_id'),
        remove: ['DELETE FROM flags WHERE flag_id = ANY($1)'],
        published: {
          data: 'Suspicion of fraud in a call, with its reasons and how people judged it',
          activity: 'fraud-detection',
          days: ({ retention }) => retention.flagDays,
          period: 'N days after its last change',
          endsEarlier: ['You ask for erasure.'],
          destruction: 'row-deleted',
        },
      },
    ],
    goesWith: { call: 'DELETE FROM flags WHERE call_id = ANY($1)' },
    erasure: {
      act: 'delete',
      why: 'suspicions about calls for this customer, their changes and notes',
      erase: erasing(
        `DELETE FROM flag_changes WHERE flag_id IN (SELECT flag_id FROM flags WHERE ${ofCustomerOrCall})`,
        `DELETE FROM flags WHERE ${ofCustomerOrCall}`,
      ),
    },
  },
];
