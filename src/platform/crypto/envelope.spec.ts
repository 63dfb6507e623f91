import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binding, newDataKey, open, seal, SealBroken, wipe } from './envelope.js';
import { localKeyVault } from './local-key-vault.js';

const aad = binding('voiceprint', 'tenant', 'customer', 'row');

describe('a sealed value', () => {
  it('opens under its own key and binding, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array(),
        fc.string(),
        (key, plaintext, context) => {
          expect(Buffer.compare(open(key, seal(key, plaintext, context), context), plaintext)).toBe(0);
        },
      ),
    );
  });

  it('does not open after any one bit of it has changed', () => {
    const key = newDataKey();
    const sealed = seal(key, Buffer.from('a voiceprint'), aad);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const tampered = Buffer.from(sealed);
      tampered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => open(key, tampered, aad)).toThrow(SealBroken);
    }
  });

  it('does not open at any shorter length', () => {
    const key = newDataKey();
    const sealed = seal(key, Buffer.from('a voiceprint'), aad);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => open(key, sealed.subarray(0, length), aad)).toThrow(SealBroken);
    }
  });

  it("does not open under another key, or as another customer's", () => {
    const key = newDataKey();
    const sealed = seal(key, Buffer.from('a voiceprint'), aad);
    expect(() => open(newDataKey(), sealed, aad)).toThrow(SealBroken);
    expect(() => open(key, sealed, binding('voiceprint', 'tenant', 'other', 'row'))).toThrow(SealBroken);
  });

  it('never looks the same twice', () => {
    const key = newDataKey();
    const nonces = new Set(
      Array.from({ length: 1000 }, () => seal(key, Buffer.alloc(0), aad).subarray(1, 13).toString('hex')),
    );
    expect(nonces.size).toBe(1000);
  });

  it('needs a key of 256 bits', () => {
    expect(() => seal(Buffer.alloc(16), Buffer.alloc(1), aad)).toThrow('32 bytes');
    expect(() => open(Buffer.alloc(16), Buffer.alloc(64), aad)).toThrow('32 bytes');
  });
});

describe('a binding', () => {
  it('tells parts apart wherever they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (left, right) => {
        expect(binding(...left) === binding(...right)).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
    );
    expect(binding('ab', 'c')).not.toBe(binding('a', 'bc'));
  });
});

describe('wiping', () => {
  it('leaves nothing of the key', () => {
    const key = newDataKey();
    wipe(key);
    expect(key).toEqual(Buffer.alloc(32));
  });
});

describe('the local key vault', () => {
  const vault = localKeyVault(newDataKey());

  it('unwraps what it wrapped, for the same purpose only', async () => {
    const key = newDataKey();
    const wrapped = await vault.wrap(key, 'tenant-key/1');
    expect(await vault.unwrap(wrapped, 'tenant-key/1')).toEqual(key);
    await expect(vault.unwrap(wrapped, 'tenant-key/2')).rejects.toThrow(SealBroken);
  });

  it('cannot unwrap what another master key wrapped', async () => {
    const wrapped = await localKeyVault(newDataKey()).wrap(newDataKey(), 'tenant-key/1');
    await expect(vault.unwrap(wrapped, 'tenant-key/1')).rejects.toThrow(SealBroken);
  });

  it('names its key without showing it', () => {
    const master = newDataKey();
    const { keyId } = localKeyVault(master);
    expect(keyId).toBe(localKeyVault(Buffer.from(master)).keyId);
    expect(keyId).not.toBe(localKeyVault(newDataKey()).keyId);
    expect(master.toString('hex')).not.toContain(keyId.slice('local:'.length));
  });

  it('keeps working when the caller wipes its copy of the master key', async () => {
    const master = newDataKey();
    const own = localKeyVault(master);
    const wrapped = await own.wrap(Buffer.alloc(32, 7), 'x');
    wipe(master);
    expect(await own.unwrap(wrapped, 'x')).toEqual(Buffer.alloc(32, 7));
  });

  it('refuses a master key of another size', () => {
    expect(() => localKeyVault(Buffer.alloc(31))).toThrow('32 bytes');
  });
});
