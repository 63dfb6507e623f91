import { randomBytes } from 'node:crypto';
import { gcmDecrypt, gcmEncrypt, keyBytes, nonceBytes, tagBytes } from './aes-gcm.js';

/** First byte of every sealed value, so that the next algorithm can live beside this one. */
const aes256GcmV1 = 1;

/** A sealed value that does not open: wrong key, wrong place, or tampered with. Says no more, so that it can be logged. */
export class SealBroken extends Error {
  constructor() {
    super('sealed value does not open under this key and binding');
    this.name = 'SealBroken';
  }
}

export function newDataKey(): Buffer {
  return randomBytes(keyBytes);
}

/** Overwrites a key or plaintext that is no longer needed. Best effort: V8 and OpenSSL may hold copies until they are reused. */
export function wipe(secret: Uint8Array): void {
  secret.fill(0);
}

/**
 * What a sealed value belongs to, authenticated with it: a row copied to another tenant, customer or column does not open.
 * Each part is prefixed with its length, so that ('ab', 'c') and ('a', 'bc') differ.
 */
export function binding(...parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('/');
}

/** version (1) | random nonce (12) | ciphertext | tag (16) */
export function seal(key: Uint8Array, plaintext: Uint8Array, aad: string): Buffer {
  requireKey(key);
  const nonce = randomBytes(nonceBytes);
  return Buffer.concat([
    Buffer.of(aes256GcmV1),
    nonce,
    gcmEncrypt(key, nonce, plaintext, authenticated(aad)),
  ]);
}

/** Throws SealBroken unless key and aad are those it was sealed with. The caller wipes what it gets. */
export function open(key: Uint8Array, sealed: Uint8Array, aad: string): Buffer {
  requireKey(key);
  if (sealed[0] !== aes256GcmV1 || sealed.length < 1 + nonceBytes + tagBytes) throw new SealBroken();
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  try {
    return gcmDecrypt(key, nonce, sealed.subarray(1 + nonceBytes), authenticated(aad));
  } catch {
    throw new SealBroken();
  }
}

/** The version byte is authenticated too: it cannot be turned into another algorithm's. */
function authenticated(aad: string): Buffer {
  return Buffer.concat([Buffer.of(aes256GcmV1), Buffer.from(aad, 'utf8')]);
}

function requireKey(key: Uint8Array): void {
  if (key.length !== keyBytes) throw new Error(`a key must have ${keyBytes} bytes`);
}
