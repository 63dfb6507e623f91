import { handledAs, notPersonal, tenant } from '../../../core/privacy/data-map/data-map.types.js';
import type { StoredTable } from '../../../platform/database/stored-table.js';

const staff = handledAs({
  activity: 'access-control',
  retention: 'while-served',
  erasure: 'label-changed',
});

export const storedTokens: readonly StoredTable[] = [
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
];
