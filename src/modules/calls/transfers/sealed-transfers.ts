import type { SealedRows } from '../../installation/keys/sealed-rows.js';

/** Calls on their way to another process: over within a minute, so nobody seals them anew. */
export const sealedTransfers: SealedRows = {
  name: 'calls',
  renew: null,
  async countOutdated(em, { tenantId, keyVersion, nowMs }) {
    const [row] = await em.query<{ count: number }[]>(
      `SELECT count(*)::int FROM call_handovers WHERE tenant_id = $1 AND key_id IS NULL
         AND tenant_key_version <> $2 AND expires_at > $3`,
      [tenantId, keyVersion, new Date(nowMs)],
    );
    return row?.count ?? 0;
  },
  halves: null,
};
