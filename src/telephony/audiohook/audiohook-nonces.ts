import { Injectable } from '@nestjs/common';

import type { TenantId } from '../../core/ids.js';
import { Database } from '../../platform/database/database.service.js';

export interface AudiohookNonces {
  /** False when the tenant's nonce has been seen before. */
  firstSeen(tenantId: TenantId, nonce: string, nowMs: number, keptMs?: number): Promise<boolean>;
  /** What came with it was not taken, and may come again. */
  forget(tenantId: TenantId, nonce: string): Promise<void>;
}

export const AUDIOHOOK_NONCES = Symbol('AudiohookNonces');

/** A signature is good for 10 s and the clocks may differ by 3 s; beyond that the check of its age refuses a replay. */
const rememberedMs = 60_000;

/** In PostgreSQL, so that no replay finds another process that does not know. */
@Injectable()
export class PostgresNonces implements AudiohookNonces {
  constructor(private readonly database: Database) {}

  firstSeen(tenantId: TenantId, nonce: string, nowMs: number, keptMs = rememberedMs): Promise<boolean> {
    return this.database.forTenant(tenantId, async (em) => {
      // SKIP LOCKED: two upgrades that sweep at once must not wait for each other's rows in a circle.
      await em.query(
        `DELETE FROM audiohook_nonces WHERE (tenant_id, nonce) IN
           (SELECT tenant_id, nonce FROM audiohook_nonces WHERE expires_at < $1 FOR UPDATE SKIP LOCKED)`,
        [new Date(nowMs)],
      );
      const inserted = await em.query<unknown[]>(
        `INSERT INTO audiohook_nonces (tenant_id, nonce, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING RETURNING nonce`,
        [tenantId, nonce, new Date(nowMs + keptMs)],
      );
      return inserted.length === 1;
    });
  }

  async forget(tenantId: TenantId, nonce: string): Promise<void> {
    await this.database.forTenant(tenantId, (em) =>
      em.query('DELETE FROM audiohook_nonces WHERE tenant_id = $1 AND nonce = $2', [tenantId, nonce]),
    );
  }
}
