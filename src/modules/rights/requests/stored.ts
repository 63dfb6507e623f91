import { handledAs, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, recordEnded, type StoredTable } from '../../../platform/database/stored-table.js';

const request = handledAs({ activity: 'requests', retention: 'request', erasure: 'id-leads-nowhere' });
const words = { erasure: 'words-emptied' } as const;
const staff = { activity: 'access-control', erasure: 'label-changed' } as const;

export const storedRequests: readonly StoredTable[] = [
  {
    table: 'requests',
    what: 'What people asked about their data, with every date and the answer.',
    bundle: { in: 'requests' },
    columns: {
      request_id: request('identifier', 'Names the request.'),
      tenant_id: tenant,
      customer_id: request('identifier', 'Who asked.'),
      kind: request('request', 'What was asked for.'),
      scopes: request('request', 'What was objected to.'),
      channel: request('request', 'Where it came in.'),
      authority: request('request', 'On what ground somebody else asked.'),
      authority_proof: request('request', 'Where the proof of that lies.', words),
      appeal_of: request('request', 'Against which refusal.'),
      state: request('request', 'How far it has come.'),
      packs: request('residence', 'Which laws protected the person.'),
      due_by: request('request', 'Which rule set the date.'),
      received_at: request('request', 'When it came.'),
      due_at: request('request', 'When it is to be answered.'),
      extendable_to: request('request', 'How far the date could be put off.'),
      extended_at: request('request', 'When it was put off.'),
      extension_reason: request('request', 'Why.', words),
      confirm_receipt_by: request('request', 'When receipt is to be confirmed.'),
      receipt_confirmed_at: request('request', 'When it was.'),
      identity_method: request('request', 'How it was checked who asks.'),
      identity_passed: request('request', 'What came of it.'),
      identity_reference: request('request', 'The business’s own number of the check.', words),
      identity_checked_at: request('request', 'When.'),
      identity_checked_by: request('staff', 'By which token.', staff),
      released_at: request('request', 'When the data were handed out.'),
      answered_at: request('request', 'When it was answered.'),
      answered_by: request('staff', 'By which token.', staff),
      refusal_reason: request('request', 'Why it was refused.'),
      refusal_article: request('request', 'On which article.'),
      explanation: request('request', 'What the person was told.', words),
      erasure_id: request('identifier', 'Which erasure answered it.'),
      reminded: request('request', 'Which dates people were reminded of.'),
      opened_by: request('staff', 'By which token it was taken in.', staff),
      changed_at: request('request', 'When it last changed.'),
    },
    retained: [
      {
        kind: 'request',
        id: 'request_id',
        at: 't.answered_at',
        where: 't.answered_at IS NOT NULL',
        days: ({ retention }) => retention.recordDays,
        facts: recordEnded,
        customer: 't.customer_id',
        remove: ['DELETE FROM requests WHERE request_id = ANY($1) AND answered_at IS NOT NULL'],
        published: {
          data: 'What you asked us about your data, and our answer',
          activity: 'requests',
          days: ({ retention }) => retention.recordDays,
          period: 'N days after the answer',
          endsEarlier: ['You ask for erasure: what was written goes, dates and kinds stay.'],
          destruction: 'words-emptied',
        },
      },
    ],
    erasure: {
      act: 'pseudonymise',
      why: 'kinds, dates and answers stay as proof (11 CCR 7101); what people wrote does not',
      erase: erasing(
        `UPDATE requests SET authority_proof = NULL, extension_reason = NULL, identity_reference = NULL, explanation = NULL
         WHERE customer_id = $1`,
      ),
    },
  },
];
