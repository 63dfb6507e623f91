import { describe, expect, it } from '@jest/globals';

import { aMachine, changed, expectFault, hellos, opened } from '../../../test/telephony/hello.js';
import type { TelephonyErrorCode } from '../errors.js';
import { vonage } from './vonage-dialect.js';

function hello(fields: Readonly<Record<string, unknown>> = {}): string {
  return changed(hellos.vonage, fields);
}

describe('a call over a Vonage WebSocket', () => {
  it('is described by the custom headers of its endpoint', () => {
    const headers = {
      ...{ callId: 'CON-1', customerId: 'ACC-1', from: '15550100', to: '15550199', mix: 'mono' },
      ...{ verstat: 'TN-Validation-Passed-A', queue: 'payouts', age: 40, address: { city: 'X' } },
    };
    expect(opened(vonage, hello(headers))).toEqual({
      protocol: 'vonage',
      externalId: 'CON-1',
      format: { encoding: 'l16', sampleRateHz: 16000, channels: 1, callerChannel: 0 },
      ani: '15550100',
      dnis: '15550199',
      claimedCustomer: 'ACC-1',
      metadata: { queue: 'payouts' },
      attestation: 'A',
      streamKey: 'CON-1',
      resumes: ['CON-1'],
    });
  });

  it('is a mix of all voices unless it is said to be none', () => {
    expect(opened(vonage, hello()).mixed).toBe(true);
    expect(opened(vonage, hello({ mix: 'mixed' })).mixed).toBe(true);
    expect(opened(vonage, hello({ mix: 'mono' }))).not.toHaveProperty('mixed');
  });

  it.each([
    ['audio/l16;rate=8000', 8000],
    ['audio/l16; rate=16000', 16000],
    ['AUDIO/L16;RATE=24000', 24000],
  ])('may be %s', (contentType, sampleRateHz) => {
    expect(opened(vonage, hello({ 'content-type': contentType })).format).toMatchObject({ sampleRateHz });
  });

  it('lives through an empty frame', () => {
    const machine = aMachine(vonage);
    machine.text(hello(), 0);
    expect(machine.binary(new Uint8Array(0), 1)).toEqual([]);
  });
});

describe('bad input on a Vonage stream', () => {
  const bad: [string, string, TelephonyErrorCode][] = [
    ['no content type', '{"event":"websocket:connected"}', 'invalid-field'],
    ['a content type that is no text', hello({ 'content-type': 8000 }), 'invalid-field'],
    ['another codec', hello({ 'content-type': 'audio/pcmu;rate=8000' }), 'unsupported-format'],
    ['no rate', hello({ 'content-type': 'audio/l16' }), 'unsupported-format'],
    ['a rate not taken', hello({ 'content-type': 'audio/l16;rate=22050' }), 'unsupported-format'],
    ['a mix that one channel can not hold', hello({ mix: 'stereo' }), 'invalid-field'],
    ['a customer that is no text', hello({ customerId: true }), 'invalid-field'],
  ];
  it.each(bad)('refuses %s', (_, text, code) => {
    expectFault(aMachine(vonage).text(text, 0), code, false);
  });

  it.each([
    ['text that is no JSON', 'hello', 'not-json'],
    ['no event', '{"content-type":"audio/l16;rate=16000"}', 'message-before-start'],
    ['a key press before the call', '{"event":"websocket:dtmf","digit":"1"}', 'message-before-start'],
  ])('waits for the call after %s, which is counted', (_, text, code) => {
    const machine = aMachine(vonage);
    expect(machine.text(text, 0)).toEqual([{ kind: 'count', code }]);
    expect(machine.text(hello(), 0)).toMatchObject([{ kind: 'open' }]);
  });
});
