import type { TenantId, TokenId } from '../ids.js';

export const roles = ['telephony', 'agent', 'fraud', 'customer-service', 'privacy', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who is asking: one API token of one tenant, with one role. */
export interface Principal {
  readonly tenantId: TenantId;
  readonly tokenId: TokenId;
  readonly role: Role;
  /** Absent: the token lasts until it is revoked. */
  readonly expiresAtMs?: number;
}
