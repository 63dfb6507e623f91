import { describe, expect, it } from '@jest/globals';

import { aMachine, expectFault, opened } from '../../../test/telephony/hello.js';
import type { JsonObject } from '../json-object.js';
import type { TelephonyErrorCode } from '../errors.js';
import { freeswitch } from './freeswitch-dialect.js';

const query = { rate: '8000', mix: 'stereo' };

describe('a call over mod_audio_fork', () => {
  it('is described by its metadata, and by the query where that says nothing', () => {
    const said = {
      customerId: 'ACC-2',
      from: '+15550100',
      direction: 'inbound',
      queue: 'all',
      site: 'north',
    };
    const dialect = freeswitch({ ...query, ...said });
    expect(opened(dialect, '{"callId":"u-1","customerId":"ACC-1","to":15550199,"queue":"payouts"}')).toEqual({
      protocol: 'freeswitch',
      externalId: 'u-1',
      format: { encoding: 'l16', sampleRateHz: 8000, channels: 2, callerChannel: 0 },
      ani: '+15550100',
      dnis: '15550199',
      claimedCustomer: 'ACC-1',
      metadata: { queue: 'payouts', site: 'north' },
      direction: 'inbound',
      streamKey: 'u-1',
      resumes: ['u-1'],
    });
  });

  const audio = new Uint8Array(640);
  const alone = [
    { kind: 'open', description: { externalId: undefined } },
    { kind: 'audio', bytes: audio, positionMs: 0 },
  ];

  it('may begin with audio; what metadata says within a second describes the call', () => {
    const machine = aMachine(freeswitch(query));
    expect(machine.binary(audio, 0)).toEqual([]);
    expect(machine.tick(999)).toEqual([]);
    expect(machine.text('{"callId":"u-1"}', 999)).toMatchObject([
      { kind: 'open', description: { externalId: 'u-1', streamKey: 'u-1' } },
      { kind: 'audio', bytes: audio, positionMs: 0 },
    ]);
  });

  it('may have no metadata at all: its audio waits for it for a second, or until its end', () => {
    const waited = aMachine(freeswitch(query));
    waited.binary(audio, 0);
    expect(waited.tick(1000)).toMatchObject(alone);
    const stopped = aMachine(freeswitch(query));
    stopped.binary(audio, 0);
    expect(stopped.binary(new Uint8Array(0), 20)).toMatchObject([...alone, { kind: 'end', reason: 'ended' }]);
    const hungUp = aMachine(freeswitch(query));
    hungUp.binary(audio, 0);
    expect(hungUp.disconnected(1000)).toMatchObject([...alone, { kind: 'end', reason: 'ended' }]);
  });

  it('without an id of its own can not be resumed', () => {
    expect(opened(freeswitch(query), '{}')).not.toHaveProperty('streamKey');
  });

  it.each(['caller=1', '[1]', '{"a":1}{"a":2}', ''])('may begin with any other text: %s', (text) => {
    expect(opened(freeswitch({ ...query, customerId: 'ACC-1' }), text)).toMatchObject({
      claimedCustomer: 'ACC-1',
      metadata: {},
    });
  });

  it.each([
    ['8000', 8000],
    ['8k', 8000],
    ['16000', 16000],
    ['16k', 16000],
    ['48000', 48000],
  ])('takes rate=%s', (rate, sampleRateHz) => {
    expect(opened(freeswitch({ ...query, rate }), '{}').format.sampleRateHz).toBe(sampleRateHz);
  });

  it.each([
    ['mono', 1, undefined],
    ['mixed', 1, true],
    ['stereo', 2, undefined],
  ])('takes mix=%s', (mix, channels, mixed) => {
    const description = opened(freeswitch({ ...query, mix }), '{}');
    expect(description.format.channels).toBe(channels);
    expect(description.mixed).toBe(mixed);
  });

  it('keeps no more metadata than 32 texts of 256 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 'v']));
    const metadata = { long: 'x'.repeat(257), ['n'.repeat(65)]: 'x', number: 7, nested: {}, ...many };
    expect(opened(freeswitch(query), JSON.stringify(metadata)).metadata).toEqual(
      Object.fromEntries(Object.entries(many).slice(0, 32)),
    );
  });

  it('takes __proto__ for a name like any other', () => {
    const { metadata, claimedCustomer } = opened(freeswitch(query), '{"__proto__":{"customerId":"ACC-9"}}');
    expect({ claimedCustomer, metadata }).toEqual({ claimedCustomer: undefined, metadata: {} });
  });
});

describe('bad input on a FreeSWITCH stream', () => {
  const bad: [string, JsonObject, string, TelephonyErrorCode][] = [
    ['no rate', { mix: 'mono' }, '{}', 'invalid-field'],
    ['no mix', { rate: '8000' }, '{}', 'invalid-field'],
    ['a rate not taken', { ...query, rate: '22050' }, '{}', 'unsupported-format'],
    ['a rate that is no number', { ...query, rate: 'fast' }, '{}', 'unsupported-format'],
    ['a mix not known', { ...query, mix: 'quad' }, '{}', 'unsupported-format'],
    ['a customer that is no text', query, '{"customerId":{}}', 'invalid-field'],
    ['an endless customer', { ...query, customerId: 'x'.repeat(129) }, '{}', 'invalid-field'],
  ];
  it.each(bad)('refuses %s', (_, fields, text, code) => {
    expectFault(aMachine(freeswitch(fields)).text(text, 0), code, false);
  });

  it('refuses it without metadata just as well', () => {
    const machine = aMachine(freeswitch({}));
    machine.binary(new Uint8Array(4), 0);
    expectFault(machine.tick(1000), 'invalid-field', false);
  });
});
