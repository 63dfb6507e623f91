import { z } from 'zod';

/** Public keys that consents may be signed with; each fixes its algorithm, so that a signature cannot choose a weaker one. */
const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/, 'base64url');
const ed25519 = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url.length(43) });
const p256 = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: base64url.length(43),
  y: base64url.length(43),
});
/** 2048 bits are 342 characters. */
const rsa = z.strictObject({ kty: z.literal('RSA'), n: base64url.min(342).max(1366), e: base64url.max(8) });
export const publicJwk = z.discriminatedUnion('kty', [ed25519, p256, rsa]);
export type PublicJwk = z.output<typeof publicJwk>;

export const algorithmOf: Record<PublicJwk['kty'], 'EdDSA' | 'ES256' | 'RS256'> = {
  OKP: 'EdDSA',
  EC: 'ES256',
  RSA: 'RS256',
};
