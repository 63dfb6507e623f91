import { handledAs, keyState, notPersonal, tenant, type TableUse } from '../data-map.types.js';

const staff = handledAs({
  activity: 'access-control',
  retention: 'while-served',
  erasure: 'label-changed',
});
const business = notPersonal('About the business, not a person.');
const credential = notPersonal('Of a telephony platform, not a person.');
const crowd = notPersonal('Of 50 different people at least, none of whom can be taken out of it again.');
const served = notPersonal('Which models are served, and since when.');

export const operationTables: readonly TableUse[] = [
  {
    table: 'tenants',
    what: 'The businesses that use this installation.',
    columns: {
      tenant_id: tenant,
      name: business,
      wrapped_key: notPersonal('The business’s key, wrapped by the master key.'),
      key_version: keyState,
      previous_wrapped_key: notPersonal('While it is rotated, the business’s key of before, wrapped.'),
      wrapped_transform: notPersonal('Of which the transforms of templates are made, wrapped.'),
      master_key_id: keyState,
      wrapped_pepper: notPersonal('The business’s key for hashing numbers, wrapped by the master key.'),
      created_at: business,
    },
  },
  {
    table: 'api_tokens',
    what: 'Who may ask Timbre for what; of a token only its hash.',
    bundle: { notIn: 'About the business’s own people and applications.' },
    columns: {
      token_id: staff('staff', 'Names the token; stands wherever it did something.'),
      tenant_id: tenant,
      role: staff('staff', 'What it may do.'),
      label: staff('staff', 'What the business calls it.'),
      token_hash: notPersonal('Hash of a random secret.'),
      created_at: staff('staff', 'When it was made.'),
      expires_at: staff('staff', 'Until when it counts.'),
      revoked_at: staff('staff', 'When it was revoked.'),
    },
  },
  {
    table: 'policies',
    what: 'The business’s rules, in versions, with the details it gives for the record of processing.',
    bundle: { notIn: 'About the business’s own people.' },
    columns: {
      tenant_id: tenant,
      version: business,
      document: staff('staff', 'Names the controller’s contacts and data protection officer, if given.', {
        activity: 'proof',
        retention: 'audit-log',
        erasure: 'with-its-row',
      }),
      created_at: business,
      created_by: staff('staff', 'By which token.'),
    },
  },
  {
    table: 'telephony_credentials',
    what: 'By what Timbre knows a telephony platform.',
    columns: {
      credential_id: credential,
      tenant_id: tenant,
      protocol: credential,
      external_id: credential,
      secret_ciphertext: credential,
      tenant_key_version: keyState,
      created_at: credential,
      revoked_at: credential,
    },
  },
  {
    table: 'audiohook_api_keys',
    what: 'Which business an AudioHook API key belongs to.',
    columns: { api_key: credential, tenant_id: tenant },
  },
  {
    table: 'audiohook_nonces',
    what: 'Nonces seen within a minute, so that none counts twice.',
    columns: { tenant_id: tenant, nonce: notPersonal('Random.'), expires_at: notPersonal('A minute on.') },
  },
  {
    table: 'process_leases',
    what: 'Which processes of Timbre live: each renews its lease every two seconds.',
    columns: {
      process_id: notPersonal('Random.'),
      expires_at: notPersonal('Until when it counts as alive.'),
    },
  },
  {
    table: 'served_models',
    what: 'Speaker models that calls are or were checked with.',
    columns: {
      tenant_id: tenant,
      model_id: served,
      model_sha256: served,
      first_served_at: served,
      last_served_at: served,
    },
  },
  {
    table: 'centre_sums',
    what: 'Directions of many callers’ voices added up, for the centre that voices are compared around.',
    columns: {
      tenant_id: tenant,
      model_id: served,
      model_sha256: served,
      sum: crowd,
      calls: crowd,
      since: crowd,
      updated_at: crowd,
    },
  },
  {
    table: 'centre_versions',
    what: 'Centres that were put in force: means over a thousand callers and more.',
    bundle: { notIn: 'About the business’s own people.' },
    columns: {
      tenant_id: tenant,
      version: business,
      model_id: served,
      model_sha256: served,
      centre: crowd,
      calls: crowd,
      created_at: business,
      created_by: staff('staff', 'By which token.'),
    },
  },
];
