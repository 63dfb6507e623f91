import { describe, expect, it } from '@jest/globals';
import { gcmDecrypt, gcmEncrypt } from './aes-gcm.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const longPlaintext =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const longKey = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';

/** D. McGrew, J. Viega: The Galois/Counter Mode of Operation (GCM), appendix B, the 256-bit cases with a 96-bit nonce. */
const published = [
  {
    name: '13',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plaintext: '',
    aad: '',
    ciphertext: '',
    tag: '530f8afbc74536b9a963b4f1c4cb738b',
  },
  {
    name: '14',
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    plaintext: '00'.repeat(16),
    aad: '',
    ciphertext: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    name: '15',
    key: longKey,
    nonce: 'cafebabefacedbaddecaf888',
    plaintext: `${longPlaintext}1aafd255`,
    aad: '',
    ciphertext:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad',
    tag: 'b094dac5d93471bdec1a502270e3cc6c',
  },
  {
    name: '16',
    key: longKey,
    nonce: 'cafebabefacedbaddecaf888',
    plaintext: longPlaintext,
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    ciphertext:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
  },
];

describe('AES-256-GCM', () => {
  it.each(published)(
    'agrees with test case $name of the GCM specification',
    ({ key, nonce, plaintext, aad, ciphertext, tag }) => {
      const sealed = gcmEncrypt(hex(key), hex(nonce), hex(plaintext), hex(aad));
      expect(sealed.toString('hex')).toBe(ciphertext + tag);
      expect(gcmDecrypt(hex(key), hex(nonce), hex(ciphertext + tag), hex(aad)).toString('hex')).toBe(
        plaintext,
      );
    },
  );

  it('refuses what is shorter than a tag', () => {
    expect(() =>
      gcmDecrypt(hex('00'.repeat(32)), hex('00'.repeat(12)), hex('00'.repeat(15)), hex('')),
    ).toThrow();
  });
});
