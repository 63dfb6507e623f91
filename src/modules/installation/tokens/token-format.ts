import { createHash, randomBytes } from 'node:crypto';
import type { TenantId } from '../../../core/ids.js';

// The tenant stands in the token because row-level security shows no token before a tenant is set.
const format = /^tmb_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

export function newToken(tenantId: TenantId): string {
  return `tmb_${tenantId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
}

/** The tenant that the token says it belongs to; undefined when it is no token of Timbre's. */
export function tenantOf(token: string): TenantId | undefined {
  const parts = format.exec(token);
  return parts === null ? undefined : (parts.slice(1).join('-') as TenantId);
}

/** A token has 256 random bits: a plain hash of it cannot be guessed back, unlike one of a password. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
