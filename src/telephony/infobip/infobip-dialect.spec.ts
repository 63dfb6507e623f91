import { describe, expect, it } from '@jest/globals';

import { aMachine, expectFault, opened } from '../../../test/telephony/hello.js';
import { infobip } from './infobip-dialect.js';

describe('a call over Infobip', () => {
  it('is described by its first message, whose rate is a text', () => {
    const customData = { customerId: 'ACC-1', from: '+15550100', mix: 'mono', queue: 'a' };
    const text = JSON.stringify({ callId: 'c-1', sampleRate: '16000', packetizationTime: 20, customData });
    expect(opened(infobip({ site: 'north' }), text)).toEqual({
      protocol: 'infobip',
      externalId: 'c-1',
      format: { encoding: 'l16', sampleRateHz: 16000, channels: 1, callerChannel: 0 },
      ani: '+15550100',
      dnis: undefined,
      claimedCustomer: 'ACC-1',
      metadata: { site: 'north', queue: 'a' },
      streamKey: 'c-1',
      resumes: ['c-1'],
    });
  });

  it.each([
    ['a number', { sampleRate: 8000 }],
    ['a media format', { mediaFormat: { sampleRate: '8000' } }],
    [
      'a content type',
      { event: 'websocket:connected', 'content-type': 'audio/l16;rate=8000', 'call-id': 'c-2' },
    ],
  ])('may say its rate as %s', (_, message) => {
    expect(opened(infobip({}), JSON.stringify(message)).format.sampleRateHz).toBe(8000);
  });

  it('may say nothing where the query says the rate', () => {
    const machine = aMachine(infobip({ rate: '8000', customerId: 'ACC-1' }));
    expect(machine.binary(new Uint8Array(320), 0)).toEqual([]);
    expect(machine.tick(1000)).toMatchObject([
      { kind: 'open', description: { claimedCustomer: 'ACC-1', mixed: true } },
      { kind: 'audio', positionMs: 0 },
    ]);
  });

  it('waits for a message that says its rate, and is refused at one that Timbre does not take', () => {
    const machine = aMachine(infobip({}));
    expect(machine.text('{"event":"dtmf"}', 0)).toEqual([{ kind: 'count', code: 'message-before-start' }]);
    expectFault(machine.text('{"sampleRate":"11025"}', 0), 'unsupported-format', false);
  });
});
