import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { KEY_SHARES, type KeyShares } from '../../../platform/crypto/key-shares.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { renewCredentials } from '../credentials/credential-store.js';
import type { KeyRing } from '../tenants/key-ring.js';
import { TenantKeys } from '../tenants/tenant-keys.service.js';
import { countOutdatedCustomers, renewCustomers } from '../../people/voiceprints/renewal.js';
import { renewEntries } from '../../fraud/watchlists/entry-store.js';
import { destroyEndedShares } from './ended-shares.js';

/** What still lies under keys or in a form of before. */
export interface Outstanding {
  readonly customers: number;
  readonly watchlistEntries: number;
  readonly credentials: number;
  /** Calls on their way to another process; they are over within a minute. */
  readonly calls: number;
}

const batch = 50;
const steps: readonly ((em: EntityManager, ring: KeyRing, limit: number) => Promise<number>)[] = [
  renewCustomers,
  renewEntries,
  renewCredentials,
];

/**
 * Brings what is sealed to the tenant's key of now, to halves in the key store and to secret transforms: in short transactions,
 * beside everything else, by as many processes as like. What a crash leaves undone is found by the next run.
 */
@Injectable()
export class KeyRenewal {
  constructor(
    private readonly database: Database,
    private readonly tenantKeys: TenantKeys,
    @Inject(KEY_SHARES) private readonly shares: KeyShares,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Until nothing more can be renewed just now. `told` hears of each batch; it says whether to go on. */
  async renew(tenantId: TenantId, told: (renewed: number) => boolean = () => true): Promise<void> {
    for (const step of steps) {
      for (let renewed = 1; renewed > 0;) {
        const ring = await this.tenantKeys.ring(tenantId);
        try {
          renewed = await this.database.forTenant(tenantId, (em) => step(em, ring, batch));
        } finally {
          ring.wipe();
        }
        if (!told(renewed)) return;
      }
    }
  }

  outstanding(tenantId: TenantId): Promise<Outstanding> {
    return this.database.forTenant(tenantId, (em) => outstandingOf(em, tenantId, this.clock.nowMs()));
  }

  /** Halves of keys that were destroyed: by a withdrawal, a revocation, a sweep. */
  async destroyEndedShares(tenantId: TenantId): Promise<number> {
    let destroyed = 0;
    for (;;) {
      const now = new Date(this.clock.nowMs());
      const some = await this.database.forTenant(tenantId, (em) =>
        destroyEndedShares(em, tenantId, this.shares, now),
      );
      destroyed += some;
      if (some === 0) return destroyed;
    }
  }
}

export async function outstandingOf(
  em: EntityManager,
  tenantId: TenantId,
  nowMs: number,
): Promise<Outstanding> {
  const [row] = await em.query<{ version: number; entries: number; credentials: number; calls: number }[]>(
    `SELECT key_version AS version,
       (SELECT count(*)::int FROM watchlist_entries WHERE tenant_id = $1 AND ended_at IS NULL
          AND (tenant_key_version <> key_version OR NOT shared OR NOT protected)) AS entries,
       (SELECT count(*)::int FROM telephony_credentials WHERE tenant_id = $1 AND revoked_at IS NULL
          AND tenant_key_version <> key_version) AS credentials,
       (SELECT count(*)::int FROM call_handovers WHERE tenant_id = $1 AND key_id IS NULL
          AND tenant_key_version <> key_version AND expires_at > $2) AS calls
     FROM tenants WHERE tenant_id = $1`,
    [tenantId, new Date(nowMs)],
  );
  if (row === undefined) throw new Error('there is no such tenant');
  const { version, entries: watchlistEntries, credentials, calls } = row;
  return { customers: await countOutdatedCustomers(em, version), watchlistEntries, credentials, calls };
}

export function total({ customers, watchlistEntries, credentials, calls }: Outstanding): number {
  return customers + watchlistEntries + credentials + calls;
}
