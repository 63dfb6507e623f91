import type { SealedRows } from '../keys/sealed-rows.js';
import { renewCredentials } from './credential-store.js';

export const sealedCredentials: SealedRows = {
  name: 'credentials',
  renew: renewCredentials,
  async countOutdated(em, { tenantId, keyVersion }) {
    const [row] = await em.query<{ count: number }[]>(
      `SELECT count(*)::int FROM telephony_credentials
       WHERE tenant_id = $1 AND revoked_at IS NULL AND tenant_key_version <> $2`,
      [tenantId, keyVersion],
    );
    return row?.count ?? 0;
  },
  halves: null,
};
