import { handledAs, keyState, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import { erasing, ownDate, type StoredTable } from '../../../platform/database/stored-table.js';

const transfer = handledAs({
  activity: 'verification',
  retention: 'minute',
  erasure: 'ends-by-itself',
});

export const storedTransfers: readonly StoredTable[] = [
  {
    table: 'call_handovers',
    what: 'Calls on their way to another process, sealed under the customer’s key.',
    bundle: { notIn: 'Sealed, for a minute; what becomes of it is in the call.' },
    columns: {
      call_id: transfer('identifier', 'Which call.'),
      tenant_id: tenant,
      protocol: notPersonal('How the audio came.'),
      stream_keys: transfer('identifier', 'By which the next stream finds it.'),
      customer_id: transfer('identifier', 'For whom the call is claimed.'),
      key_id: notPersonal('Which key seals it.'),
      tenant_key_version: keyState,
      ciphertext: transfer('biometric', 'Embeddings and evidence so far, sealed.'),
      expires_at: transfer('call', 'When it must be gone.'),
    },
    retained: [
      // A minute’s copy of what lies elsewhere: no hold needs it.
      {
        kind: 'call-handover',
        id: 'call_id',
        at: 't.expires_at',
        where: 'true',
        days: () => 0,
        facts: ownDate,
        customer: 't.customer_id',
        held: 'false',
        remove: null,
        published: {
          data: 'Numbers made from your voice in a call that moves from one of our computers to another',
          activity: 'verification',
          days: () => null,
          period: 'one minute',
          endsEarlier: ['You ask for erasure.'],
          destruction: 'ends-by-itself',
        },
      },
    ],
    goesWith: { call: 'DELETE FROM call_handovers WHERE call_id = ANY($1)' },
    erasure: {
      act: 'delete',
      why: 'evidence on its way to another process',
      erase: erasing('DELETE FROM call_handovers WHERE customer_id = $1'),
    },
  },
];
