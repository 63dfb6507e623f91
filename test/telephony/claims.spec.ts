import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import type { CallDescription } from '../../src/core/calls/intake.js';
import { Client } from './client.js';
import { changed, hellos } from './hello.js';
import {
  exotelPlatform,
  type Platform,
  signalwirePlatform,
  telnyxPlatform,
  twilioPlatform,
} from './media-streams.js';
import { publicUrl, TelephonyServer, twilioCredential } from './server.js';

const server = new TelephonyServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

/** A claim that stands in the platform's own messages, where it has a place for one. */
type Words = (customerId: string | undefined) => (object | string)[];

const start = { type: 'start', encoding: 'l16', sampleRateHz: 8000, channels: 1 };
const streams =
  (platform: Platform): Words =>
  (customerId) => [platform.connected, platform.start(undefined, customerId ? { customerId } : {})];
const fork = '?rate=8k&mix=mono&';

const platforms: readonly (readonly [name: string, words: Words, query?: string])[] = [
  ['stream', (claimedCustomerId) => [{ ...start, claimedCustomerId }]],
  ['telnyx', streams(telnyxPlatform)],
  ['signalwire', streams(signalwirePlatform)],
  ['exotel', streams(exotelPlatform)],
  ['jambonz', (customerId) => [changed(hellos.jambonz, { customerId })]],
  ['freeswitch', (customerId) => [JSON.stringify({ customerId })], fork],
  ['vonage', (customerId) => [changed(hellos.vonage, { customerId })]],
];

/** What the intake is told of a call. */
async function opened(
  path: string,
  words: (object | string)[],
  headers: Readonly<Record<string, string>>,
): Promise<CallDescription> {
  const call = server.intake.next();
  const client = await Client.open(`${server.url}/v1/telephony/${path}`, { headers });
  for (const text of words) client.send(text);
  const { description } = await call;
  client.hangUp();
  return description;
}

const token = { authorization: 'Bearer telephony' };

describe.each(platforms)('the customer whom a caller over %s claims to be', (name, words, query = '?') => {
  it.each([
    ['the header of the upgrade', undefined, { 'timbre-customer-id': 'ACC-1' }, ''],
    ['the query of the URL', undefined, {}, 'customerId=ACC%2D1'],
    ['the header before the query', undefined, { 'timbre-customer-id': 'ACC-1' }, 'customerId=ACC-9'],
    ['the message before both', 'ACC-1', { 'timbre-customer-id': 'ACC-8' }, 'customerId=ACC-9'],
  ])('may come in %s', async (_, said, headers: Record<string, string>, field) => {
    // FreeSWITCH's metadata and URL are one source of facts: the header stands behind them.
    const expected =
      name === 'freeswitch' && said === undefined && field === 'customerId=ACC-9' ? 'ACC-9' : 'ACC-1';
    const description = await opened(name + query + field, words(said), { ...token, ...headers });
    expect(description.claimedCustomer).toBe(expected);
  });

  it('may come later: nobody is named before', async () => {
    const description = await opened(name + query, words(undefined), token);
    expect(description.claimedCustomer).toBeUndefined();
  });
});

it("is Asterisk's to say in the query of its dial string, or in a header of its client's configuration", async () => {
  const hello = 'MEDIA_START channel_id:1 format:ulaw';
  const byQuery = await opened('asterisk?customerId=ACC-1', [hello], token);
  const byHeader = await opened('asterisk', [hello], { ...token, 'timbre-customer-id': 'ACC-1' });
  for (const { claimedCustomer } of [byQuery, byHeader]) expect(claimedCustomer).toBe('ACC-1');
});

it('is never taken from what Twilio did not sign: header and query', async () => {
  const signature = getExpectedTwilioSignature(
    twilioCredential.authToken,
    `${publicUrl.replace('https', 'wss')}/v1/telephony/twilio`,
    {},
  );
  const headers = { 'x-twilio-signature': signature, 'timbre-customer-id': 'ACC-9' };
  const description = await opened('twilio?customerId=ACC-9', streams(twilioPlatform)(undefined), headers);
  expect(description.claimedCustomer).toBeUndefined();
  const said = await opened('twilio', streams(twilioPlatform)('ACC-1'), headers);
  expect(said.claimedCustomer).toBe('ACC-1');
});
