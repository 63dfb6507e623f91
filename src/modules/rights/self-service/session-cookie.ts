import { createHash, randomBytes } from 'node:crypto';
import type { TenantId } from '../../../core/ids.js';

/** `__Host-` makes browsers refuse it from a sibling host or without TLS (RFC 6265bis §4.1.3.2): nobody can put theirs here. */
export const sessionCookieName = '__Host-timbre-me';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
// The tenant stands in it because row-level security shows no session before a tenant is set.
const format = /^tms_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

export function newSecret(tenantId: TenantId): string {
  return `tms_${tenantId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
}

export function tenantOfSecret(secret: string): TenantId | undefined {
  const parts = format.exec(secret);
  return parts === null ? undefined : (parts.slice(1).join('-') as TenantId);
}

/** 256 random bits: a plain hash cannot be guessed back. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Without Max-Age: it goes with the browser. How long it is good for the server decides. */
export function setCookie(secret: string): string {
  return `${sessionCookieName}=${secret}; ${attributes}`;
}

export const clearCookie = `${sessionCookieName}=; Max-Age=0; ${attributes}`;

export function secretFrom(cookies: string | undefined): string | undefined {
  const pairs = cookies?.split(';').map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${sessionCookieName}=`))?.slice(sessionCookieName.length + 1);
}
