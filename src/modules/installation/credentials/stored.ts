import { keyState, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const credential = notPersonal('Of a telephony platform, not a person.');

export const storedCredentials: readonly StoredTable[] = [
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
];
