import { createPrivateKey, createPublicKey, hkdfSync, sign, verify, type KeyObject } from 'node:crypto';
import { sha256OfText } from './sha256.js';

/** PKCS #8 of an Ed25519 seed (RFC 8410 §7) up to the seed itself. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A public key as published (RFC 8037). */
export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

export interface SigningKey {
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  sign(message: Uint8Array): Buffer;
}

/** The signing key that belongs to a secret: the same one in every process that has it. */
export function derivedSigningKey(secret: Uint8Array, purpose: string): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), purpose, 32));
  const pkcs8 = Buffer.concat([pkcs8Prefix, seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  seed.fill(0);
  pkcs8.fill(0);
  const publicKey = Buffer.from(String(createPublicKey(privateKey).export({ format: 'jwk' }).x), 'base64url');
  return { keyId: thumbprint(publicKey), publicKey, sign: (message) => sign(null, message, privateKey) };
}

export function toJwk(publicKey: Uint8Array): Ed25519Jwk {
  const x = Buffer.from(publicKey).toString('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprint(publicKey), use: 'sig', alg: 'EdDSA' };
}

/** RFC 7638: members in order, without white space. */
export function thumbprint(publicKey: Uint8Array): string {
  const x = Buffer.from(publicKey).toString('base64url');
  return sha256OfText(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).toString('base64url');
}

export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, message, keyObject(publicKey), signature);
}

function keyObject(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: { ...toJwk(publicKey) }, format: 'jwk' });
}
