import { handledAs, keyState, notPersonal, ordinal, tenant, type TableUse } from '../data-map.types.js';

const call = handledAs({ activity: 'calls', retention: 'call', erasure: 'customer-row-deleted' });
const suspicion = handledAs({
  activity: 'fraud-detection',
  retention: 'call',
  erasure: 'customer-row-deleted',
});
const staff = { activity: 'access-control', retention: 'with-its-row', erasure: 'label-changed' } as const;
const handover = handledAs({
  activity: 'verification',
  retention: 'minute',
  erasure: 'ends-by-itself',
});

export const callTables: readonly TableUse[] = [
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
      stream_key: call('identifier', 'By which a later stream goes on with the call.'),
      continues_call_id: call('call', 'Which call on another process it goes on with.'),
      process_id: notPersonal('Which process of Timbre has the call.'),
      claimed_customer_id: call('identifier', 'For whom the call was claimed.'),
      opened_at: call('call', 'When it began.'),
      closed_at: call('call', 'When it ended.'),
      close_reason: call('call', 'How it ended.'),
      result: call('decision', 'Verification state with its reasons, evidence in nats, speech used.'),
    },
  },
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
  },
  {
    table: 'call_handovers',
    what: 'Calls on their way to another process, sealed under the customer’s key.',
    bundle: { notIn: 'Sealed, for a minute; what becomes of it is in the call.' },
    columns: {
      call_id: handover('identifier', 'Which call.'),
      tenant_id: tenant,
      protocol: notPersonal('How the audio came.'),
      stream_keys: handover('identifier', 'By which the next stream finds it.'),
      customer_id: handover('identifier', 'For whom the call is claimed.'),
      key_id: notPersonal('Which key seals it.'),
      tenant_key_version: keyState,
      ciphertext: handover('biometric', 'Embeddings and evidence so far, sealed.'),
      expires_at: handover('call', 'When it must be gone.'),
    },
  },
  {
    table: 'account_events',
    what: 'What the business says was done on the account during a call.',
    bundle: { in: 'accountEvents' },
    columns: {
      account_event_id: ordinal,
      tenant_id: tenant,
      call_id: suspicion('identifier', 'In which call.'),
      customer_id: suspicion('identifier', 'On whose account.'),
      kind: suspicion('account-activity', 'What was done.'),
      reference: suspicion('account-activity', 'The business’s own number of it.'),
      at: suspicion('account-activity', 'When.'),
      recorded_by: suspicion('staff', 'By which token it was told.', staff),
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
  },
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
  },
];
