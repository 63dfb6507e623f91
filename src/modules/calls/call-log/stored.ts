import { handledAs, notPersonal, ordinal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';
import { eraseCallsOf, eraseEventsOf } from './erased-calls.js';
import { heldCall } from './whose-call.js';

const call = handledAs({ activity: 'calls', retention: 'call', erasure: 'customer-row-deleted' });

export const storedCallLog: readonly StoredTable[] = [
  {
    table: 'call_events',
    what: 'What happened in a call, in order; ids and kinds alone.',
    bundle: { in: 'calls' },
    columns: {
      event_id: ordinal,
      tenant_id: tenant,
      call_id: call('identifier', 'In which call.'),
      kind: call('call', 'What happened.'),
      payload: call('decision', 'The result then, or what happened.'),
      at: call('call', 'When.'),
    },
    goesWith: { call: 'DELETE FROM call_events WHERE call_id = ANY($1)' },
    erasure: {
      act: 'delete',
      why: 'what was said of the voice while the customer was claimed',
      erase: eraseEventsOf,
    },
  },
  {
    table: 'calls',
    what: 'One row a call: who it was claimed for and what is known of it. No number, audio or embedding.',
    bundle: { in: 'calls' },
    columns: {
      call_id: call('identifier', 'The call’s id.'),
      tenant_id: tenant,
      external_id: call('identifier', 'The telephony platform’s id of the call.'),
      protocol: notPersonal('How the audio came.'),
      ani_hash: call('number', 'Keyed hash of the caller’s number.'),
      dnis_hash: call('number', 'Keyed hash of the number called.'),
      direction: call('call', 'Inbound or outbound.'),
      attestation: call('call', 'What the network vouches for of the number.'),
      stream_key: call('identifier', 'By which a later stream resumes the call.'),
      continues_call_id: call('call', 'Which call of another process it resumed.'),
      process_id: notPersonal('Which process of Timbre has the call.'),
      claimed_customer_id: call('identifier', 'For whom the call was claimed.'),
      opened_at: call('call', 'When it began.'),
      closed_at: call('call', 'When it ended.'),
      close_reason: call('call', 'How it ended.'),
      result: call('decision', 'Verification state with its reasons, evidence in nats, speech used.'),
    },
    retained: [
      {
        kind: 'call',
        id: 'call_id',
        at: 'coalesce(t.closed_at, t.opened_at)',
        where: 'true',
        days: ({ retention }) => retention.callDays,
        facts: ({ at, flag_at }) => ({
          kind: 'call',
          endedMs: at.getTime(),
          flagChangedMs: flag_at?.getTime() ?? null,
        }),
        customer: 't.claimed_customer_id',
        held: heldCall('t.call_id'),
        flagAt: '(SELECT max(f.updated_at) FROM flags f WHERE f.call_id = t.call_id)',
        remove: ['DELETE FROM calls WHERE call_id = ANY($1)'],
        published: {
          data: 'Facts of a call (when, how long, how it ended) and the result of its voice check; no sound',
          activity: 'calls',
          days: ({ retention }) => retention.callDays,
          period: 'N days after the call, or as long as a suspicion raised in it',
          endsEarlier: ['You ask for erasure: what is left of the call is nobody’s.'],
          destruction: 'row-deleted',
        },
      },
    ],
    erasure: {
      act: 'pseudonymise',
      why: 'that there was a call stays; whose, from where and its result do not',
      erase: eraseCallsOf,
    },
  },
];
