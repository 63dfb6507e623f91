import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { httpbis } from 'http-message-signatures';

import { isSignedBy, readUpgrade } from '../../src/telephony/audiohook/audiohook-signature.js';
import { audiohookSpeaker } from '../../tools/call/audiohook-wire.js';
import { organizationId, signed } from './audiohook-client.js';

// The oracle is http-message-signatures, another implementation of RFC 9421.
const url = 'wss://Timbre.example.com/v1/telephony/audiohook?customerId=ACC-1';
const apiKey = 'genesys-production';
const clientSecret = randomBytes(32).toString('base64');
const hmac = (data: Buffer): Buffer =>
  createHmac('sha256', Buffer.from(clientSecret, 'base64')).update(data).digest();

async function signedByTheOracle(): Promise<Record<string, string>> {
  const ids = {
    'audiohook-organization-id': organizationId,
    'audiohook-session-id': randomUUID(),
    'audiohook-correlation-id': randomUUID(),
    'x-api-key': apiKey,
  };
  const { headers } = await httpbis.signMessage(
    {
      key: { id: apiKey, alg: 'hmac-sha256', sign: (data) => Promise.resolve(hmac(data)) },
      name: 'sig1',
      fields: ['@request-target', '@authority', ...Object.keys(ids)],
      params: ['keyid', 'nonce', 'alg', 'created', 'expires'],
      paramValues: { nonce: randomBytes(18).toString('base64'), expires: new Date(Date.now() + 10_000) },
    },
    { method: 'GET', url, headers: ids },
  );
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const fitsTheOracle = (headers: Readonly<Record<string, string>>, method = 'GET') =>
  httpbis.verifyMessage(
    {
      keyLookup: () =>
        Promise.resolve({
          id: apiKey,
          algs: ['hmac-sha256'],
          verify: (data: Buffer, signature: Buffer) =>
            Promise.resolve(timingSafeEqual(hmac(data), signature)),
        }),
      requiredFields: ['@request-target', '@authority', 'audiohook-session-id', 'x-api-key'],
      requiredParams: ['keyid', 'nonce', 'alg', 'created', 'expires'],
    },
    { method, url, headers: { ...headers } },
  );

const target = '/v1/telephony/audiohook?customerId=ACC-1';
const authority = 'timbre.example.com';

describe('an AudioHook signature and another implementation of RFC 9421', () => {
  it('agree where the other one signs', async () => {
    const reading = readUpgrade({ target, authority, headers: await signedByTheOracle() }, Date.now());
    if (reading.kind !== 'signed') throw new Error(reading.title);
    expect(isSignedBy(reading.upgrade, clientSecret)).toBe(true);
    expect(isSignedBy(reading.upgrade, randomBytes(32).toString('base64'))).toBe(false);
  });

  it('agree where timbre-call signs, and where the tests do', async () => {
    const silence = { sampleRateHz: 8000, channels: [new Float32Array(160)] } as const;
    const facts = { encoding: 'mulaw', callerChannel: 0 } as const;
    const { headers } = audiohookSpeaker.wire(silence, facts, { apiKey, clientSecret }, url);
    expect(await fitsTheOracle(headers)).toBe(true);
    expect(await fitsTheOracle(signed(url, { apiKey, clientSecret }).headers)).toBe(true);
  });

  it('agree that a changed session does not fit', async () => {
    const headers = { ...(await signedByTheOracle()), 'audiohook-session-id': randomUUID() };
    const reading = readUpgrade({ target, authority, headers }, Date.now());
    if (reading.kind !== 'signed') throw new Error(reading.title);
    expect(isSignedBy(reading.upgrade, clientSecret)).toBe(false);
    expect(await fitsTheOracle(headers)).toBe(false);
  });
});
