import { describe, expect, it } from '@jest/globals';
import { derivedSigningKey, isSignedBy, thumbprint, toJwk } from './ed25519.js';

// RFC 8037 appendix A; the same key is that of RFC 8032 §7.1, test 1.
const publicKey = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');

describe('Ed25519', () => {
  it('verifies RFC 8032’s first test vector, and not with a bit changed', () => {
    const signature = Buffer.from(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      'hex',
    );
    expect(isSignedBy(publicKey, Buffer.alloc(0), signature)).toBe(true);
    expect(isSignedBy(publicKey, Buffer.of(0), signature)).toBe(false);
    signature[0] = 0xe4;
    expect(isSignedBy(publicKey, Buffer.alloc(0), signature)).toBe(false);
  });

  it('names a key by its RFC 7638 thumbprint, as RFC 8037 appendix A.3 does', () => {
    expect(toJwk(publicKey).x).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
    expect(thumbprint(publicKey)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('derives one key from one secret and purpose, and another from any other', () => {
    const secret = Buffer.alloc(32, 1);
    const key = derivedSigningKey(secret, 'receipts');
    expect(derivedSigningKey(secret, 'receipts').keyId).toBe(key.keyId);
    expect(derivedSigningKey(secret, 'other').keyId).not.toBe(key.keyId);
    expect(derivedSigningKey(Buffer.alloc(32, 2), 'receipts').keyId).not.toBe(key.keyId);
    const message = Buffer.from('erased');
    expect(isSignedBy(key.publicKey, message, key.sign(message))).toBe(true);
  });
});
