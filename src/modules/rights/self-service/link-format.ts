import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { SelfServiceLinkId, TenantId } from '../../../core/ids.js';
import { binding, wipe } from '../../../platform/crypto/envelope.js';

/** What a link says of itself; whom it is for stands in its row alone. */
export interface LinkClaims {
  readonly tenantId: TenantId;
  readonly linkId: SelfServiceLinkId;
  /** Whole seconds since 1970: where it ends, so that this can be said of a link whose row is gone. */
  readonly expiresAtSeconds: number;
}

export interface SignedLink extends LinkClaims {
  readonly signature: Buffer;
}

const format = /^tml_([0-9a-f]{32})_([0-9a-f]{32})_(\d{10})_([A-Za-z0-9_-]{43})$/;

/** The secret of a link: claims and an HMAC-SHA256 over them under a key that only this tenant's links use. */
export function signLink(pepper: Uint8Array, claims: LinkClaims): string {
  const { tenantId, linkId, expiresAtSeconds } = claims;
  const signature = sign(pepper, claims).toString('base64url');
  return `tml_${bare(tenantId)}_${bare(linkId)}_${expiresAtSeconds}_${signature}`;
}

/** Undefined when it is no link of Timbre's. What it claims is believed only once its signature holds. */
export function parseLink(text: string): SignedLink | undefined {
  const [, tenant, link, seconds, signature] = format.exec(text) ?? [];
  if (tenant === undefined || link === undefined || seconds === undefined || signature === undefined)
    return undefined;
  return {
    tenantId: dashed(tenant) as TenantId,
    linkId: dashed(link) as SelfServiceLinkId,
    expiresAtSeconds: Number(seconds),
    signature: Buffer.from(signature, 'base64url'),
  };
}

export function isSigned(pepper: Uint8Array, link: SignedLink): boolean {
  const expected = sign(pepper, link);
  return expected.length === link.signature.length && timingSafeEqual(expected, link.signature);
}

function sign(pepper: Uint8Array, { tenantId, linkId, expiresAtSeconds }: LinkClaims): Buffer {
  // RFC 5869: the pepper also keys hashes of phone numbers, and one key serves one purpose.
  const key = Buffer.from(hkdfSync('sha256', pepper, '', 'timbre self-service link v1', 32));
  const signature = createHmac('sha256', key)
    .update(binding(tenantId, linkId, String(expiresAtSeconds)))
    .digest();
  wipe(key);
  return signature;
}

const bare = (uuid: string): string => uuid.replaceAll('-', '');

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
