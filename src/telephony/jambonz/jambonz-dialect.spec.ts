import { describe, expect, it } from '@jest/globals';

import { aMachine, changed, expectFault, hellos, opened } from '../../../test/telephony/hello.js';
import type { TelephonyErrorCode } from '../errors.js';
import { jambonz } from './jambonz-dialect.js';

function hello(fields: Readonly<Record<string, unknown>> = {}): string {
  return changed(hellos.jambonz, fields);
}

describe('a call over the jambonz listen verb', () => {
  it('is described by what jambonz says of it, and by its own metadata beside that', () => {
    expect(opened(jambonz, hello({ customerId: 'ACC-1', queue: 'payouts', attestation: 'B' }))).toEqual({
      protocol: 'jambonz',
      externalId: hellos.jambonz.callSid,
      format: { encoding: 'l16', sampleRateHz: 8000, channels: 2, callerChannel: 0 },
      ani: '+15550100',
      dnis: '+15550199',
      claimedCustomer: 'ACC-1',
      metadata: { queue: 'payouts' },
      direction: 'inbound',
      attestation: 'B',
      streamKey: hellos.jambonz.callSid,
      resumes: [hellos.jambonz.callSid],
    });
  });

  it.each(['metadata', 'customerData'])('takes the claimed customer from an object %s too', (where) => {
    const { claimedCustomer, metadata } = opened(
      jambonz,
      hello({ [where]: { customerId: 'ACC-1', queue: 'payouts' } }),
    );
    expect({ claimedCustomer, metadata }).toEqual({
      claimedCustomer: 'ACC-1',
      metadata: { queue: 'payouts' },
    });
  });

  it.each([
    ['mono', 1, undefined],
    ['mixed', 1, true],
    ['stereo', 2, undefined],
  ])('of mixType %s has %d channels', (mixType, channels, mixed) => {
    const description = opened(jambonz, hello({ mixType }));
    expect(description.format).toMatchObject({ channels, callerChannel: 0 });
    expect(description.mixed).toBe(mixed);
  });

  it.each([8000, 16000, 24000, 48000])('may be at %d Hz', (sampleRate) => {
    expect(opened(jambonz, hello({ sampleRate })).format.sampleRateHz).toBe(sampleRate);
  });

  it('may come without a number and without a direction', () => {
    expect(opened(jambonz, hello({ from: '', to: null, direction: 'none' }))).toMatchObject({
      ani: undefined,
      dnis: undefined,
    });
  });

  it('inside a dial is the call of the leg that dialled, and its number', () => {
    // jambonz-feature-server, lib/tasks/listen.js: nested, it says parentTask.sd.callInfo, the dialled leg's.
    const nested = hello({
      callSid: 'leg-b',
      parentCallSid: 'leg-a',
      direction: 'outbound',
      from: '+15550100',
    });
    const description = opened(jambonz, nested);
    expect(description).toMatchObject({ externalId: 'leg-a', streamKey: 'leg-a', ani: '+15550100' });
    expect(description.direction).toBe('inbound');
    for (const parentCallSid of [null, undefined, '']) {
      expect(opened(jambonz, hello({ parentCallSid })).externalId).toBe(hellos.jambonz.callSid);
    }
  });

  it('ends, flushed and closed with 1000, on the empty frame of a graceful stop', () => {
    const machine = aMachine(jambonz);
    machine.text(hello(), 0);
    expect(machine.binary(new Uint8Array(0), 1)).toEqual([{ kind: 'end', reason: 'ended' }]);
    expect(machine.flushed()).toEqual([{ kind: 'close', closeCode: 1000, reason: 'stopped' }]);
  });
});

describe('bad input on a jambonz stream', () => {
  const bad: [string, string, TelephonyErrorCode][] = [
    ['a callSid that is no text', hello({ callSid: 7 }), 'invalid-field'],
    ['an endless callSid', hello({ callSid: 'x'.repeat(129) }), 'invalid-field'],
    ['no sampleRate', hello({ sampleRate: undefined }), 'invalid-field'],
    ['a sampleRate that is no number', hello({ sampleRate: 'fast' }), 'invalid-field'],
    ['no mixType', hello({ mixType: undefined }), 'invalid-field'],
    ['a customer that is no text', hello({ customerId: {} }), 'invalid-field'],
    ['a number that is no text', hello({ from: ['+1'] }), 'invalid-field'],
    ['a rate not taken', hello({ sampleRate: 64000 }), 'unsupported-format'],
    ['a mixType not known', hello({ mixType: 'quad' }), 'unsupported-format'],
  ];
  it.each(bad)('refuses %s', (_, text, code) => {
    expectFault(aMachine(jambonz).text(text, 0), code, false);
  });

  it.each([
    ['text that is no JSON', 'hello', 'not-json'],
    ['JSON that is no object', '[]', 'not-json'],
    ['a key press before the call', '{"event":"dtmf","dtmf":"1"}', 'message-before-start'],
    ['no callSid', hello({ callSid: undefined }), 'message-before-start'],
  ])('waits for the call after %s, which is counted', (_, text, code) => {
    const machine = aMachine(jambonz);
    expect(machine.text(text, 0)).toEqual([{ kind: 'count', code }]);
    expect(machine.text(hello(), 0)).toMatchObject([{ kind: 'open' }]);
  });
});
