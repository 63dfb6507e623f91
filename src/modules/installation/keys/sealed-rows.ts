import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import type { KeyRing } from '../tenants/key-ring.js';

/** Rows that somebody seals under the tenant's key; who does declares it, and src/app/sealed-rows.ts lists them all. */
export interface SealedRows {
  /** As GET /v1/keys names them. */
  readonly name: string;
  /** How many still lie under an earlier key or in a form of before. */
  readonly countOutdated: (
    em: EntityManager,
    tenant: { readonly tenantId: TenantId; readonly keyVersion: number; readonly nowMs: number },
  ) => Promise<number>;
  /** Brings up to `limit` of them to the key of now, and says how many; null: they are over before anyone comes to it. */
  readonly renew: ((em: EntityManager, ring: KeyRing, limit: number) => Promise<number>) | null;
  /** Where it stands that a key of their own has ended, so that its half in the key store goes too; null: they have none. */
  readonly halves: { readonly table: string; readonly id: string; readonly ended: string } | null;
}

export const SEALED_ROWS = Symbol('what is sealed under a tenant’s key');
