import { handledAs, keyState, modelOf, notPersonal, tenant, type TableUse } from '../data-map.types.js';

const customer = handledAs({
  activity: 'verification',
  retention: 'customer',
  erasure: 'customer-row-deleted',
});
const voiceprint = handledAs({ activity: 'enrolment', retention: 'voiceprint', erasure: 'tombstone' });
const stretch = handledAs({
  activity: 'enrolment',
  retention: 'enrolment-stretch',
  erasure: 'row-deleted',
});
const sealed = { erasure: 'key-destroyed' } as const;

export const customerTables: readonly TableUse[] = [
  {
    table: 'customers',
    what: 'People whose calls may be checked, by the business’s own account reference.',
    bundle: { in: 'customer' },
    columns: {
      customer_id: customer('identifier', 'The customer’s id in Timbre.'),
      tenant_id: tenant,
      account_ref: customer('identifier', 'What the business calls the account.'),
      residence: customer('residence', 'Which laws protect the person.'),
      created_at: customer('call', 'Since when Timbre knows of the customer.'),
      last_interaction_at: customer('call', 'When the customer was last dealt with.'),
    },
  },
  {
    table: 'customer_keys',
    what: 'Each customer’s own key, wrapped by the business’s; destroying it destroys what it sealed.',
    bundle: { notIn: 'Keys tell nothing of the person; voiceprints say when theirs was destroyed.' },
    columns: {
      key_id: notPersonal('Names the key in receipts.'),
      tenant_id: tenant,
      customer_id: voiceprint('identifier', 'Whose key.'),
      wrapped_key: voiceprint('biometric-key', 'The wrapped key; empty once destroyed.', sealed),
      tenant_key_version: keyState,
      shared: keyState,
      share_destroyed_at: keyState,
      created_at: voiceprint('voiceprint-facts', 'When it was made.'),
      destroyed_at: voiceprint('voiceprint-facts', 'When it was destroyed.'),
      destroyed_reason: voiceprint('voiceprint-facts', 'Why it was destroyed.'),
    },
  },
  {
    table: 'voiceprints',
    what: 'Voiceprints, sealed under the customer’s key; of ended ones a tombstone.',
    bundle: { in: 'voiceprints' },
    columns: {
      voiceprint_id: voiceprint('identifier', 'Names the voiceprint.'),
      tenant_id: tenant,
      customer_id: voiceprint('identifier', 'Whose voiceprint.'),
      model_id: modelOf,
      model_sha256: modelOf,
      key_id: notPersonal('Which key seals it.'),
      ciphertext: voiceprint('biometric', 'The sealed voiceprint; empty once it has ended.', sealed),
      protected: keyState,
      net_speech_ms: voiceprint('voiceprint-facts', 'From how much speech it was made.'),
      status: voiceprint('voiceprint-facts', 'Active, or how it ended.'),
      source: voiceprint('voiceprint-facts', 'Made from a recording, a call or the customer’s own page.'),
      migrated_from: voiceprint('identifier', 'The voiceprint of an earlier model that it follows.'),
      consent_id: voiceprint('consent', 'Under which consent it was made.'),
      created_at: voiceprint('voiceprint-facts', 'When it was made.'),
      expires_at: voiceprint('voiceprint-facts', 'When it must be gone.'),
      expiry_reason: voiceprint('voiceprint-facts', 'What set that date.'),
      expiry_decided_by: voiceprint('voiceprint-facts', 'Which rule of which law or policy set it.'),
      restricted_at: voiceprint('voiceprint-facts', 'Since when a legal hold alone keeps it, unused.'),
      ended_at: voiceprint('voiceprint-facts', 'When it ended.'),
      ended_reason: voiceprint('voiceprint-facts', 'Why it ended.'),
    },
  },
  {
    table: 'enrolment_stretches',
    what: 'Embeddings that wait for the rest of an enrolment, sealed under the customer’s key.',
    bundle: { in: 'pendingEnrolment' },
    columns: {
      stretch_id: notPersonal('Names the stretch.'),
      tenant_id: tenant,
      customer_id: stretch('identifier', 'Whose speech.'),
      model_id: modelOf,
      key_id: notPersonal('Which key seals it.'),
      ciphertext: stretch('biometric', 'The sealed embeddings.', sealed),
      protected: keyState,
      net_speech_ms: stretch('voiceprint-facts', 'How much speech.'),
      source: stretch('voiceprint-facts', 'From a recording, a call or the customer’s own page.'),
      call_id: stretch('call', 'From which call.'),
      created_at: stretch('voiceprint-facts', 'When it was spoken.'),
      expires_at: stretch('voiceprint-facts', 'When it must be gone.'),
    },
  },
];
