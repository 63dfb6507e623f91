import { describe, expect, it } from '@jest/globals';

import { telephonyErrors, type TelephonyErrorCode } from '../errors.js';
import type { ProtocolActions } from '../protocol-machine.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { twilio } from './twilio-dialect.js';

const accountSid = 'AC0123456789abcdef0123456789abcdef';
const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };
const connected = '{"event":"connected","protocol":"Call","version":"1.0.0"}';
const packet = Buffer.alloc(160, 0xff);

function start(fields: Readonly<Record<string, unknown>> = {}): string {
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  const body = {
    streamSid: 'MZ1',
    accountSid,
    callSid: 'CA1',
    tracks: ['inbound'],
    mediaFormat,
    customParameters: {},
  };
  return JSON.stringify({
    event: 'start',
    sequenceNumber: '1',
    streamSid: 'MZ1',
    start: { ...body, ...fields },
  });
}

interface Chunk {
  readonly track?: string;
  readonly chunk?: unknown;
  readonly timestamp?: unknown;
  readonly payload?: unknown;
}

function media({
  track = 'inbound',
  chunk = '1',
  timestamp = '0',
  payload = packet.toString('base64'),
}: Chunk = {}): string {
  return JSON.stringify({
    event: 'media',
    sequenceNumber: '3',
    streamSid: 'MZ1',
    media: { track, chunk, timestamp, payload },
  });
}

function aMachine(): MediaStreamMachine {
  return new MediaStreamMachine(twilio, accountSid, timeouts, 0);
}

function aStartedMachine(): MediaStreamMachine {
  const machine = aMachine();
  machine.text(connected, 0);
  machine.text(start(), 0);
  return machine;
}

function expectFault(actions: ProtocolActions, code: TelephonyErrorCode): void {
  expect(actions).toContainEqual({ kind: 'count', code });
  expect(actions).toContainEqual({ kind: 'close', closeCode: telephonyErrors[code].closeCode, reason: code });
}

describe('a call over Twilio Media Streams', () => {
  it('opens with what start says, the claim and the numbers taken from custom parameters', () => {
    const machine = aMachine();
    expect(machine.text(connected, 0)).toEqual([]);
    const customParameters = { customerId: 'ACC-1', from: '+15550100', to: '+15550199', queue: 'payouts' };
    expect(machine.text(start({ customParameters }), 0)).toEqual([
      {
        kind: 'open',
        description: {
          protocol: 'twilio',
          externalId: 'CA1',
          format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 },
          ani: '+15550100',
          dnis: '+15550199',
          claimedCustomer: 'ACC-1',
          metadata: { queue: 'payouts' },
          streamKey: 'CA1',
          resumes: ['CA1'],
        },
      },
    ]);
  });

  it("hands on the caller's track only", () => {
    const machine = aStartedMachine();
    expect(machine.text(media({ track: 'outbound' }), 0)).toEqual([]);
    expect(machine.text(media(), 0)).toEqual([{ kind: 'audio', bytes: packet, positionMs: 0 }]);
  });

  it('skips dtmf, marks, fields and events it does not know', () => {
    const machine = aStartedMachine();
    expect(
      machine.text('{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"1"}}', 0),
    ).toEqual([]);
    expect(machine.text('{"event":"mark","mark":{"name":"x"}}', 0)).toEqual([]);
    expect(machine.text('{"event":"sentiment","value":1}', 0)).toEqual([
      { kind: 'count', code: 'unknown-event' },
    ]);
    const withMore = JSON.parse(media()) as { media: object };
    expect(
      machine.text(
        JSON.stringify({ ...withMore, media: { ...withMore.media, codec: 'x' }, region: 'ie1' }),
        0,
      ),
    ).toHaveLength(1);
  });

  it('takes numbers as numbers too', () => {
    expect(aStartedMachine().text(media({ chunk: 1, timestamp: 5 }), 0)).toHaveLength(1);
  });

  it('counts a gap of timestamps past 60 ms as lost audio, and places what follows behind it', () => {
    const machine = aStartedMachine();
    machine.text(media({ chunk: '1', timestamp: '100' }), 0);
    expect(machine.text(media({ chunk: '2', timestamp: '180' }), 0)).toEqual([
      { kind: 'audio', bytes: packet, positionMs: 20 },
    ]);
    expect(machine.text(media({ chunk: '3', timestamp: '1140' }), 0)).toEqual([
      { kind: 'lost', durationMs: 1000 },
      { kind: 'audio', bytes: packet, positionMs: 1040 },
    ]);
    expect(machine.text(media({ chunk: '4', timestamp: '1160' }), 0)).toEqual([
      { kind: 'audio', bytes: packet, positionMs: 1060 },
    ]);
  });

  it('lets small gaps add up, so that none is forgotten', () => {
    const machine = aStartedMachine();
    const lost = [0, 40, 80, 120, 160, 200].flatMap((timestamp, i) =>
      machine
        .text(media({ chunk: String(i + 1), timestamp: String(timestamp) }), 0)
        .filter(({ kind }) => kind === 'lost'),
    );
    expect(lost).toEqual([{ kind: 'lost', durationMs: 80 }]);
  });

  it('counts a missing chunk as lost audio at once, however short it is', () => {
    const machine = aStartedMachine();
    machine.text(media({ chunk: '1', timestamp: '0' }), 0);
    expect(machine.text(media({ chunk: '3', timestamp: '40' }), 0)).toEqual([
      { kind: 'lost', durationMs: 20 },
      { kind: 'audio', bytes: packet, positionMs: 40 },
    ]);
  });

  it.each([
    ['TN-Validation-Passed-A', 'A'],
    ['TN-Validation-Passed-B', 'B'],
    ['TN-Validation-Passed-C', 'C'],
    ['TN-Validation-Failed-B', 'failed'],
    ['TN-Validation-Failed', 'failed'],
    ['TN-Validation-Passed', undefined],
    ['No-TN-Validation', undefined],
    ['', undefined],
  ])('takes the STIR/SHAKEN verdict %j from a parameter', (stirVerstat, attestation) => {
    const machine = aMachine();
    machine.text(connected, 0);
    const [opened] = machine.text(start({ customParameters: { stirVerstat } }), 0);
    expect(opened?.kind === 'open' ? opened.description.attestation : 'not open').toBe(attestation);
  });

  it.each([
    ['inbound', 'inbound'],
    ['outbound-api', 'outbound'],
    ['outbound-dial', 'outbound'],
    ['sideways', undefined],
  ])('takes the direction %j from a parameter', (direction, said) => {
    const machine = aMachine();
    machine.text(connected, 0);
    const [opened] = machine.text(start({ customParameters: { direction } }), 0);
    expect(opened?.kind === 'open' ? opened.description.direction : 'not open').toBe(said);
  });

  it('drops a chunk that comes twice or late, and counts it', () => {
    const machine = aStartedMachine();
    machine.text(media({ chunk: '5', timestamp: '80' }), 0);
    for (const chunk of ['5', '4']) {
      expect(machine.text(media({ chunk, timestamp: '60' }), 0)).toEqual([
        { kind: 'count', code: 'late-chunk' },
      ]);
    }
  });

  it('ends the call as disconnected when Twilio goes away without stop', () => {
    expect(aStartedMachine().disconnected()).toEqual([{ kind: 'end', reason: 'disconnected' }]);
  });
});

describe('bad input on a Twilio stream', () => {
  const l16 = { encoding: 'audio/l16', sampleRate: 8000, channels: 1 };
  const wideband = { encoding: 'audio/x-mulaw', sampleRate: 16000, channels: 1 };
  const starts: [string, string, TelephonyErrorCode][] = [
    ['another account', start({ accountSid: 'ACffffffffffffffffffffffffffffffff' }), 'account-mismatch'],
    ['another codec', start({ mediaFormat: l16 }), 'unsupported-format'],
    ['another rate', start({ mediaFormat: wideband }), 'unsupported-format'],
    ['no media format', start({ mediaFormat: undefined }), 'unsupported-format'],
    ['no caller among its tracks', start({ tracks: ['outbound'] }), 'unsupported-format'],
    ['no call id', start({ callSid: undefined }), 'invalid-field'],
  ];
  it.each(starts)('refuses a start with %s', (_, text, code) => {
    const machine = aMachine();
    machine.text(connected, 0);
    expectFault(machine.text(text, 0), code);
  });

  const inMidCall: [string, string, TelephonyErrorCode][] = [
    ['a second start', start(), 'second-start'],
    ['a payload that is not base64', media({ payload: '@@@@' }), 'invalid-payload'],
    ['a payload cut short', media({ payload: 'AAAAA' }), 'invalid-payload'],
    ['an empty payload', media({ payload: '' }), 'invalid-payload'],
    ['base64 of the URL alphabet', media({ payload: '-_-_' }), 'invalid-payload'],
    ['a timestamp that is no number', media({ timestamp: 'soon' }), 'invalid-field'],
    ['a timestamp past the longest call', media({ timestamp: '99999999999' }), 'invalid-field'],
    ['text that is no JSON', '{"event":"media"', 'not-json'],
  ];
  it.each(inMidCall)('drops and counts %s, and hears on', (_, text, code) => {
    const machine = aStartedMachine();
    expect(machine.text(text, 0)).toEqual([{ kind: 'count', code }]);
    expect(machine.text(media(), 0)).toMatchObject([{ kind: 'audio' }]);
  });

  it('needs no connected before its start, and keeps numbers among the parameters as texts', () => {
    const customParameters = { customerId: 7, list: [1], queue: 'payouts' };
    expect(aMachine().text(start({ customParameters }), 0)).toMatchObject([
      { kind: 'open', description: { claimedCustomer: '7', metadata: { queue: 'payouts' } } },
    ]);
  });

  it('ends a call without media for a minute', () => {
    const machine = aStartedMachine();
    machine.text(media({ track: 'outbound' }), 1000);
    expect(machine.tick(6000)).toEqual([{ kind: 'hold' }]);
    expect(machine.tick(60_999)).toEqual([]);
    expect(machine.tick(61_000)).toEqual([{ kind: 'end', reason: 'silence-timeout' }]);
    expectFault(machine.flushed(), 'silence-timeout');
  });
});
