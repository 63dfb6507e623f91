import type { TenantId } from '../../core/ids.js';

/** By the id of the key whose half it is. */
export type Shares = ReadonlyMap<string, Buffer>;

/**
 * Halves of keys, kept apart from the database whose backups hold what the keys seal. A share is random: by itself, or with the
 * database alone, it opens nothing. What is destroyed here cannot be opened from any backup of the database.
 */
export interface KeyShares {
  /** Durable once resolved. A share that is there already stays. */
  put(tenantId: TenantId, shares: Shares): Promise<void>;
  /** Those that are there. The caller wipes what it gets. */
  get(tenantId: TenantId, ids: readonly string[]): Promise<Shares>;
  destroy(tenantId: TenantId, ids: readonly string[]): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export const KEY_SHARES = Symbol('KeyShares');
