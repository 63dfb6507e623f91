import { createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import type { TenantId } from '../../core/ids.js';
import type { TwilioCredential } from '../../platform/auth/twilio-credentials.port.js';
import { admitSigned, signedUrl } from './twilio-signature.js';

const url = 'wss://timbre.example.com/v1/telephony/twilio';

function aCredential(fields: Partial<TwilioCredential> = {}): TwilioCredential {
  return {
    credentialId: 'c1',
    tenantId: 't1' as TenantId,
    accountSid: 'AC0123456789abcdef0123456789abcdef',
    authToken: '0123456789abcdef0123456789abcdef',
    ...fields,
  };
}

describe('whose Twilio account signed an upgrade', () => {
  const credential = aCredential();
  const other = aCredential({ credentialId: 'c2', authToken: 'ffffffffffffffffffffffffffffffff' });

  it("is the one whose auth token made the signature, by Twilio's own package", () => {
    const signature = getExpectedTwilioSignature(credential.authToken, url, {});
    expect(admitSigned(signature, url, [other, credential])).toEqual({
      kind: 'accepted',
      principal: credential,
      access: { id: credential.credentialId },
    });
  });

  it('is the same by the HMAC that Twilio documents', () => {
    const signature = createHmac('sha1', credential.authToken).update(url).digest('base64');
    expect(admitSigned(signature, url, [credential])).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['one over another URL', getExpectedTwilioSignature(credential.authToken, `${url}x`, {})],
    ['one of another token', getExpectedTwilioSignature('a'.repeat(32), url, {})],
    ['something else', 'no signature at all'],
  ])('is nobody with %s', (_, signature) => {
    expect(admitSigned(signature, url, [credential, other])).toMatchObject({ kind: 'refused', status: 401 });
  });

  it('is refused when two tenants registered it, rather than guessed', () => {
    const signature = getExpectedTwilioSignature(credential.authToken, url, {});
    const theirs = aCredential({ credentialId: 'c3', tenantId: 't2' as TenantId });
    expect(admitSigned(signature, url, [credential, theirs])).toMatchObject({ kind: 'refused', status: 403 });
  });
});

describe('the URL that Twilio signs', () => {
  it.each([
    ['https://timbre.example.com', url],
    ['https://timbre.example.com/', url],
    ['HTTPS://timbre.example.com', url],
    ['http://127.0.0.1:8080', 'ws://127.0.0.1:8080/v1/telephony/twilio'],
    ['https://example.com/timbre/', 'wss://example.com/timbre/v1/telephony/twilio'],
  ])('of %s is %s', (publicUrl, signed) => {
    expect(signedUrl(publicUrl, '/v1/telephony/twilio')).toBe(signed);
  });
});
