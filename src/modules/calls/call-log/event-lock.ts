import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';

/** Held until the transaction ends: who writes to the tenant's event log, or takes from it, takes turns. */
export async function lockCallEvents(em: EntityManager, tenantId: TenantId): Promise<void> {
  await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`timbre call events ${tenantId}`]);
}
