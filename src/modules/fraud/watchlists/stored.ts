import {
  handledAs,
  keyState,
  modelOf,
  notPersonal,
  tenant,
} from '../../../core/privacy/data-map/data-map.types.js';
import { ownDate, recordEnded, type StoredTable } from '../../../platform/database/stored-table.js';
import { heldEntry } from '../../people/legal-holds/held.js';

const entry = handledAs({ activity: 'watchlist', retention: 'watchlist-entry', erasure: 'entry-erased' });
const staff = handledAs({
  activity: 'access-control',
  retention: 'with-its-row',
  erasure: 'with-its-row',
});
const sealed = { erasure: 'key-destroyed' } as const;
const listRule = notPersonal('The list’s own documented ground, not about a person on it.');

export const storedWatchlists: readonly StoredTable[] = [
  {
    table: 'watchlist_entries',
    what: 'One voice on a list, sealed under a key of its own; of ended ones a tombstone.',
    bundle: { notIn: 'Of people found to have defrauded the business, whom no customer row names.' },
    columns: {
      entry_id: entry('identifier', 'Names the entry.'),
      tenant_id: tenant,
      list_id: notPersonal('Which list.'),
      reference: entry('identifier', 'The business’s own case number.'),
      basis_note: entry('suspicion', 'Why this voice may be on the list.'),
      reviewed_by: staff('staff', 'Who reviewed it.'),
      release_reference: entry('consent', 'Where the person’s own release lies.'),
      residence: entry('residence', 'Which laws protect the person.'),
      model_id: modelOf,
      model_sha256: modelOf,
      wrapped_key: entry('biometric-key', 'The entry’s own key, wrapped.', sealed),
      ciphertext: entry('biometric', 'The sealed voice.', sealed),
      tenant_key_version: keyState,
      shared: keyState,
      share_destroyed_at: keyState,
      protected: keyState,
      net_speech_ms: entry('voiceprint-facts', 'From how much speech.'),
      source: entry('voiceprint-facts', 'From a recording or a call.'),
      call_id: entry('call', 'From which call.'),
      added_at: entry('suspicion', 'When it was added.'),
      added_by: staff('staff', 'By which token.'),
      expires_at: entry('suspicion', 'When it must be gone.'),
      ended_at: entry('suspicion', 'When it ended.'),
      ended_reason: entry('suspicion', 'Why it ended.'),
      ended_by: staff('staff', 'By which token.'),
    },
    retained: [
      {
        kind: 'watchlist-entry',
        id: 'entry_id',
        at: 't.expires_at',
        where: 't.ended_at IS NULL',
        days: () => 0,
        facts: ownDate,
        customer: 'NULL::uuid',
        held: heldEntry('t.entry_id'),
        remove: null,
        published: {
          data: 'Voiceprint of a person who was found to have defrauded us, kept on a documented legal ground alone',
          activity: 'watchlist',
          days: ({ watchlist }) => watchlist.entryDaysAtMost,
          period: 'until a date set for each, at most N days after it was made',
          endsEarlier: [
            'The review of its ground finds it is no longer needed.',
            'A law sets an earlier date.',
          ],
          destruction: 'entry-erased',
        },
      },
      {
        kind: 'watchlist-record',
        id: 'entry_id',
        at: 't.ended_at',
        where: 't.ended_at IS NOT NULL AND (NOT t.shared OR t.share_destroyed_at IS NOT NULL)',
        days: ({ retention }) => retention.recordDays,
        facts: recordEnded,
        customer: 'NULL::uuid',
        held: heldEntry('t.entry_id'),
        remove: [
          `DELETE FROM watchlist_entries
      WHERE entry_id = ANY($1) AND ended_at IS NOT NULL AND (NOT shared OR share_destroyed_at IS NOT NULL)`,
        ],
        published: {
          data: 'That there was a watchlist entry: dates and why it ended, nothing of the voice',
          activity: 'proof',
          days: ({ retention }) => retention.recordDays,
          period: 'N days after it ended',
          endsEarlier: [],
          destruction: 'row-deleted',
        },
      },
    ],
  },
  {
    table: 'watchlists',
    what: 'Lists of fraudsters’ voices, each with its documented ground.',
    bundle: { notIn: 'About whoever approved the list.' },
    columns: {
      list_id: listRule,
      tenant_id: tenant,
      name: listRule,
      purpose: listRule,
      ground: listRule,
      legal_reference: listRule,
      residences: listRule,
      unknown_residence: listRule,
      reach: listRule,
      approved_by: staff('staff', 'Who approved the list.'),
      approved_at: staff('staff', 'When.'),
      review_by: listRule,
      created_at: listRule,
      recorded_by: staff('staff', 'By which token it was recorded.'),
      closed_at: listRule,
    },
  },
];
