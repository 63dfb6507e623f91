import { describe, expect, it } from '@jest/globals';

import { aMachine, expectFault } from '../../../test/telephony/hello.js';
import type { TelephonyErrorCode } from '../errors.js';
import { sinch } from './sinch-dialect.js';

/** https://developers.sinch.com/docs/voice-2.0/api-reference/x-voice-stream/messages/connect-request */
const connect = (fields: object = {}): string =>
  JSON.stringify({
    command: 'connect',
    version: 1,
    callId: 'c-1',
    applicationKey: 'k-1',
    codec: 'PCM',
    sampleRate: 16000,
    callHeaders: { customerId: 'ACC-1', from: '+15550100', mix: 'mono', queue: 'a' },
    ...fields,
  });

describe('a call over Sinch', () => {
  it('is described by its connect, and answered, without which Sinch sends no audio', () => {
    const actions = aMachine(sinch).text(connect(), 0);
    expect(actions).toEqual([
      {
        kind: 'open',
        description: {
          protocol: 'sinch',
          externalId: 'c-1',
          format: { encoding: 'l16', sampleRateHz: 16000, channels: 1, callerChannel: 0 },
          ani: '+15550100',
          dnis: undefined,
          claimedCustomer: 'ACC-1',
          metadata: { queue: 'a' },
          streamKey: 'c-1',
          resumes: ['c-1'],
        },
      },
      { kind: 'send', message: { command: 'answer' } },
    ]);
  });

  it('takes its headers as the list that SVAML has them in', () => {
    const callHeaders = [{ key: 'customerId', value: 'ACC-1' }, { key: 'queue', value: 'a' }, null, {}];
    expect(aMachine(sinch).text(connect({ callHeaders }), 0)[0]).toMatchObject({
      description: { claimedCustomer: 'ACC-1', metadata: { queue: 'a' }, mixed: true },
    });
  });

  it.each([
    ['another codec', connect({ codec: 'OPUS' }), 'unsupported-format'],
    ['a rate not taken', connect({ sampleRate: 96000 }), 'unsupported-format'],
    ['a mix that one channel can not hold', connect({ callHeaders: { mix: 'stereo' } }), 'invalid-field'],
    ['a customer that is no text', connect({ callHeaders: { customerId: {} } }), 'invalid-field'],
  ] as [string, string, TelephonyErrorCode][])('is refused with %s', (_, text, code) => {
    expectFault(aMachine(sinch).text(text, 0), code, false);
  });

  it('waits for its connect after another command', () => {
    const machine = aMachine(sinch);
    expect(machine.text('{"command":"heartbeat"}', 0)).toEqual([
      { kind: 'count', code: 'message-before-start' },
    ]);
    expect(machine.text(connect(), 0)).toMatchObject([{ kind: 'open' }, { kind: 'send' }]);
    expect(machine.text(connect(), 0)).toEqual([{ kind: 'count', code: 'second-start' }]);
  });
});
