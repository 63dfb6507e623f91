import { createCipheriv, createDecipheriv } from 'node:crypto';

export const keyBytes = 32;
/** NIST SP 800-38D §5.2.1.1 recommends 96 bits, used as they are. */
export const nonceBytes = 12;
export const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D): ciphertext followed by the full 128-bit tag. The nonce must never repeat under one key. */
export function gcmEncrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when key, nonce, ciphertext, tag or aad differ in a bit; nothing of the plaintext gets out then. */
export function gcmDecrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertextAndTag: Uint8Array,
  aad: Uint8Array,
): Buffer {
  const end = ciphertextAndTag.length - tagBytes;
  if (end < 0) throw new Error('ciphertext is shorter than its tag');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(aad);
  decipher.setAuthTag(ciphertextAndTag.subarray(end));
  return Buffer.concat([decipher.update(ciphertextAndTag.subarray(0, end)), decipher.final()]);
}
