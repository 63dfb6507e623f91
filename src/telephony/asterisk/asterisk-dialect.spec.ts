import { describe, expect, it } from '@jest/globals';

import { aMachine, changed, expectFault, hellos, opened } from '../../../test/telephony/hello.js';
import type { JsonObject } from '../json-object.js';
import type { TelephonyErrorCode } from '../errors.js';
import { asterisk } from './asterisk-dialect.js';

/** asterisk 22.8, channels/chan_websocket.c, _create_event_MEDIA_START */
const plain =
  'MEDIA_START connection_id:m1 channel:WebSocket/m1/0x7f1c channel_id:1761245643.1 format:ulaw optimal_frame_size:160 ptime:20';

function hello(fields: Readonly<Record<string, unknown>> = {}): string {
  return changed(hellos.asterisk, fields);
}

describe('a call over chan_websocket', () => {
  it.each([
    ['plain text', plain],
    ['JSON', hello()],
  ])('announced in %s is described by the query of the dial string', (_, text) => {
    const query = {
      ...{ mix: 'mono', callId: '1761245640.0', customerId: 'ACC-1', from: '+15550100', to: '+15550199' },
      ...{ attestation: 'A', verstat: 'Signature failed', queue: 'payouts' },
    };
    expect(opened(asterisk(query), text)).toEqual({
      protocol: 'asterisk',
      externalId: '1761245640.0',
      format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 },
      ani: '+15550100',
      dnis: '+15550199',
      claimedCustomer: 'ACC-1',
      metadata: { queue: 'payouts' },
      attestation: 'failed',
      streamKey: '1761245640.0',
      resumes: ['1761245640.0'],
    });
  });

  it('takes the claim from channel variables too, and nothing else that lies there', () => {
    const channel_variables = { customerId: 'ACC-1', SIPPASSWORD: 'x', DIALEDPEERNUMBER: 'm1/c(ulaw)' };
    expect(opened(asterisk({}), hello({ channel_variables }))).toMatchObject({
      externalId: '1761245643.1',
      claimedCustomer: 'ACC-1',
      metadata: {},
    });
  });

  it.each(['__from', '_from', 'from'])(
    'takes the number from %s, as an inherited variable is called',
    (name) => {
      // asterisk 22.8, main/channel.c: a variable keeps the underscores it was set with.
      const channel_variables = { [name]: '+15550100', __customerId: 'ACC-1', ___to: '+15550199' };
      expect(opened(asterisk({}), hello({ channel_variables }))).toMatchObject({
        ani: '+15550100',
        dnis: undefined,
        claimedCustomer: 'ACC-1',
        metadata: {},
      });
    },
  );

  it("takes a channel's own variable before one that it inherited", () => {
    const channel_variables = { __from: '+15550111', from: '+15550100' };
    expect(opened(asterisk({}), hello({ channel_variables })).ani).toBe('+15550100');
  });

  it('of an Asterisk before 20.18 is known by its channel', () => {
    const text =
      'MEDIA_START connection_id:m1 channel:WebSocket/m1/0x7f1c format:ulaw optimal_frame_size:160';
    expect(opened(asterisk({}), text).externalId).toBe('WebSocket/m1/0x7f1c');
  });

  it('is a mix of all voices unless it is said to be none', () => {
    expect(opened(asterisk({}), plain).mixed).toBe(true);
    expect(opened(asterisk({ mix: 'mono' }), plain)).not.toHaveProperty('mixed');
  });

  it.each([
    ['ulaw', 'mulaw', 8000],
    ['alaw', 'alaw', 8000],
    ['g722', 'g722', 16000],
    ['slin', 'l16', 8000],
    ['slin12', 'l16', 12000],
    ['slin16', 'l16', 16000],
    ['slin24', 'l16', 24000],
    ['slin32', 'l16', 32000],
    ['slin44', 'l16', 44100],
    ['slin48', 'l16', 48000],
    ['slin96', 'l16', 96000],
    ['slin192', 'l16', 192000],
  ])('may be %s', (format, encoding, sampleRateHz) => {
    expect(opened(asterisk({}), hello({ format })).format).toMatchObject({ encoding, sampleRateHz });
  });
});

describe('bad input on an Asterisk stream', () => {
  const bad: [string, JsonObject, string, TelephonyErrorCode][] = [
    ['no format', {}, 'MEDIA_START channel_id:1', 'invalid-field'],
    ['a format that is no text', {}, hello({ format: 7 }), 'invalid-field'],
    ['no channel', {}, 'MEDIA_START format:ulaw', 'invalid-field'],
    ['a format not decoded', {}, hello({ format: 'opus' }), 'unsupported-format'],
    ['a format of a name that every object has', {}, hello({ format: 'toString' }), 'unsupported-format'],
    ['a mix that one channel can not hold', { mix: 'stereo' }, plain, 'invalid-field'],
    ['an endless customer', { customerId: 'x'.repeat(129) }, plain, 'invalid-field'],
  ];
  it.each(bad)('refuses %s', (_, query, text, code) => {
    expectFault(aMachine(asterisk(query)).text(text, 0), code, false);
  });

  it.each([
    ['another event', 'DTMF_END digit:5', 'message-before-start'],
    ['the same in JSON', '{"event":"MEDIA_XON"}', 'message-before-start'],
    ['nothing', '', 'message-before-start'],
    ['JSON without an event', '{}', 'message-before-start'],
  ])('waits for the call after %s, which is counted', (_, text, code) => {
    const machine = aMachine(asterisk({}));
    expect(machine.text(text, 0)).toEqual([{ kind: 'count', code }]);
    expect(machine.text(plain, 0)).toMatchObject([{ kind: 'open' }]);
  });
});
