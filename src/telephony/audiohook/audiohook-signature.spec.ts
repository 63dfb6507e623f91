import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import {
  isSignedBy,
  readUpgrade,
  type Reading,
  signBase,
  type SignedUpgrade,
} from './audiohook-signature.js';
import { parseSignature } from './signature-input.js';

/** Genesys's own documentation example, with its signature: an oracle from outside. */
const secret = 'TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU=';
const createdMs = 1641013200_000;
const input =
  'sig1=("@request-target" "@authority" "audiohook-organization-id" "audiohook-session-id" "audiohook-correlation-id" "x-api-key");keyid="SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh";nonce="VGhpc0lzQVVuaXF1ZU5vbmNl";alg="hmac-sha256";created=1641013200;expires=3282026430';
const headers = {
  'audiohook-organization-id': 'd7934305-0972-4844-938e-9060eef73d05',
  'audiohook-session-id': '30b0e395-84d3-4570-ac13-9a62d8f514c0',
  'audiohook-correlation-id': 'e160e428-53e2-487c-977d-96989bf5c99d',
  'x-api-key': 'SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh',
  signature: 'sig1=:NZBwyBHRRyRoeLqy1IzOa9VYBuI8TgMFt2GRDkDuJh4=:',
  'signature-input': input,
};
const target = '/api/v1/voicebiometrics/ws';
const authority = 'audiohook.example.com';

function read(changed: Readonly<Record<string, string | undefined>> = {}, nowMs = createdMs): Reading {
  return readUpgrade({ target, authority, headers: { ...headers, ...changed } }, nowMs);
}

function signed(reading: Reading): SignedUpgrade {
  if (reading.kind !== 'signed') throw new Error(reading.title);
  return reading.upgrade;
}

describe('the signature of an AudioHook upgrade', () => {
  it("fits Genesys's documented example", () => {
    expect(isSignedBy(signed(read()), secret)).toBe(true);
  });

  it('is HMAC-SHA256 as in RFC 9421, B.2.5', () => {
    const key = 'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==';
    const base =
      '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@authority": example.com\n"content-type": application/json\n' +
      '"@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"';
    expect(signBase(base, key).toString('base64')).toBe('pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=');
  });

  it.each(['audiohook-organization-id', 'audiohook-session-id', 'audiohook-correlation-id'])(
    'does not fit when %s has been changed',
    (name) => {
      const upgrade = signed(read({ [name]: '00000000-0000-4000-8000-000000000000' }));
      expect(isSignedBy(upgrade, secret)).toBe(false);
    },
  );

  it('does not fit another secret, target or host', () => {
    expect(isSignedBy(signed(read()), 'AAAA')).toBe(false);
    const elsewhere = readUpgrade({ target: '/other', authority, headers }, createdMs);
    expect(isSignedBy(signed(elsewhere), secret)).toBe(false);
    const otherHost = readUpgrade({ target, authority: 'evil.example', headers }, createdMs);
    expect(isSignedBy(signed(otherHost), secret)).toBe(false);
  });

  it.each(Object.keys(headers))('is refused without %s', (name) => {
    expect(read({ [name]: undefined }).kind).toBe('refused');
  });

  it.each([
    ['a component is not covered', '"x-api-key")', '"host")'],
    ['the nonce is short', 'VGhpc0lzQVVuaXF1ZU5vbmNl', 'short'],
    ['there is no nonce', 'nonce="VGhpc0lzQVVuaXF1ZU5vbmNl";', ''],
    ['there is no expiry', ';expires=3282026430', ''],
    ['the algorithm is another one', 'hmac-sha256', 'rsa-pss-sha512'],
    ['the key is another one', 'keyid="SGVs', 'keyid="XXXX'],
    ['a component comes twice', '"@authority"', '"@authority" "@authority"'],
    ['it has expired', 'expires=3282026430', 'expires=1641013199'],
    ['a parameter comes twice', ';created=', ';created=1;created='],
  ])('is refused when %s', (_why, from, to) => {
    expect(read({ 'signature-input': input.replace(from, to) }).kind).toBe('refused');
  });

  it('may be 3 s ahead and 10 s old, and no more', () => {
    const kinds = [-3001, -3000, 10_000, 10_001].map((ms) => read({}, createdMs + ms).kind);
    expect(kinds).toEqual(['refused', 'signed', 'signed', 'refused']);
  });

  it('is never more than refused, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        expect(parseSignature(one, two)).toBeUndefined();
      }),
    );
  });
});
