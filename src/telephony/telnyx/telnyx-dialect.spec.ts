import { describe, expect, it } from '@jest/globals';

import { mulawPacket, telnyxPlatform as platform } from '../../../test/telephony/media-streams.js';
import { StreamDecoder } from '../../core/audio/decoder.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import type { ProtocolActions } from '../protocol-machine.js';
import { telnyx, telnyxAt } from './telnyx-dialect.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };

function aMachine(): MediaStreamMachine {
  const machine = new MediaStreamMachine(telnyx, undefined, timeouts, 0);
  machine.text(JSON.stringify(platform.connected), 0);
  return machine;
}

function aCall(): MediaStreamMachine {
  const machine = aMachine();
  machine.text(JSON.stringify(platform.start()), 0);
  return machine;
}

function media(machine: MediaStreamMachine, number: number, nowMs: number): ProtocolActions {
  const bytes = Buffer.alloc(160, number);
  const packet = { chunk: number, sequence: number + 1, timestampMs: (number - 1) * 20, bytes };
  return machine.text(JSON.stringify(platform.media(packet)), nowMs);
}

function heard(actions: ProtocolActions): number[] {
  return actions.flatMap((action) => (action.kind === 'audio' ? [action.bytes[0] ?? -1] : []));
}

describe('a call over Telnyx media streaming', () => {
  it('takes the numbers from start, and parameters from client_state where there are no others', () => {
    const start = platform.start() as { start: object };
    const state = Buffer.from('{"customerId":"ACC-1","queue":"payouts","n":1}').toString('base64');
    const [opened] = aMachine().text(
      JSON.stringify({ ...start, start: { ...start.start, client_state: state } }),
      0,
    );
    expect(opened).toMatchObject({
      kind: 'open',
      description: {
        externalId: 'v2:T02llQ',
        ani: '+15550100',
        dnis: '+15550199',
        claimedCustomer: 'ACC-1',
        metadata: { queue: 'payouts' },
      },
    });
  });

  it.each(['aGF2ZSBhIG5pY2UgZGF5ID1d', 'not base64 at all', '', 'W10='])(
    'takes a client_state that is none of ours (%j) for nothing',
    (state) => {
      const start = platform.start() as { start: object };
      const [opened] = aMachine().text(
        JSON.stringify({ ...start, start: { ...start.start, client_state: state } }),
        0,
      );
      expect(opened).toMatchObject({ kind: 'open', description: { metadata: {} } });
    },
  );

  it('puts packets back in order', () => {
    const machine = aCall();
    expect(heard(media(machine, 2, 0))).toEqual([]);
    expect(heard(media(machine, 3, 20))).toEqual([]);
    expect(heard(media(machine, 1, 40))).toEqual([1, 2, 3]);
  });

  it('waits 400 ms for one that is missing, then counts it as lost audio', () => {
    const machine = aCall();
    media(machine, 1, 0);
    media(machine, 3, 100);
    expect(machine.tick(499)).toEqual([]);
    expect(machine.tick(500)).toEqual([
      { kind: 'lost', durationMs: 20 },
      { kind: 'audio', bytes: Buffer.alloc(160, 3), positionMs: 40 },
    ]);
    expect(media(machine, 2, 510)).toEqual([{ kind: 'count', code: 'late-chunk' }]);
  });

  it('does not wait for what was a tone', () => {
    const machine = aCall();
    expect(heard(media(machine, 2, 0))).toEqual([]);
    expect(heard(machine.text(JSON.stringify(platform.dtmf), 20))).toEqual([2]);
  });

  it('hears audio that overtook the start', () => {
    const machine = aMachine();
    expect(media(machine, 2, 0)).toEqual([]);
    expect(media(machine, 1, 0)).toEqual([]);
    const actions = machine.text(JSON.stringify(platform.start()), 20);
    expect(actions[0]?.kind).toBe('open');
    expect(heard(actions)).toEqual([1, 2]);
  });

  it('hears what still waits when the call ends, however it ends', () => {
    const stopped = aCall();
    media(stopped, 2, 0);
    expect(heard(stopped.text(JSON.stringify(platform.stop()), 20))).toEqual([2]);
    const dropped = aCall();
    media(dropped, 2, 0);
    expect(heard(dropped.disconnected())).toEqual([2]);
    const ended = aCall();
    media(ended, 2, 0);
    expect(heard(ended.ended('shutdown'))).toEqual([2]);
  });

  it('takes a pass without a letter for level A', () => {
    const [opened] = aMachine().text(
      JSON.stringify(platform.start(undefined, { stirVerstat: 'TN-Validation-Passed' })),
      0,
    );
    expect(opened).toMatchObject({ description: { attestation: 'A' } });
  });

  it.each([
    ['PCMU', 8000, mulawPacket, 0],
    // G.711 Table 1a: 1101 0101 on the wire is the smallest positive value, 1 of 4096.
    ['PCMA', 8000, Buffer.alloc(160, 0xd5), 1 / 4096],
    ['L16', 8000, Buffer.from([0x00, 0x40]), 0.5],
    ['audio/x-mulaw', 8000, mulawPacket, 0],
  ])('decodes %s at %d Hz; L16 is little-endian', (encoding, rate, bytes, first) => {
    const machine = aMachine();
    const [opened] = machine.text(
      JSON.stringify(platform.start({ encoding, sample_rate: rate, channels: 1 })),
      0,
    );
    const [audio] = machine.text(JSON.stringify(platform.media({ bytes })), 0);
    if (opened?.kind !== 'open' || audio?.kind !== 'audio') throw new Error('no call');
    expect(new StreamDecoder(opened.description.format).decode(audio.bytes)[0]).toBe(first);
  });

  it.each([
    ['L16', [0x40, 0x00], 0.5],
    ['PCMU', [0x80, 0xff], 8031 / 8192],
  ])('takes %s in the byte order that the URL names, which G.711 has none of', (encoding, bytes, first) => {
    const machine = new MediaStreamMachine(telnyxAt({ l16: 'big-endian' }), undefined, timeouts, 0);
    machine.text(JSON.stringify(platform.connected), 0);
    const [opened] = machine.text(
      JSON.stringify(platform.start({ encoding, sample_rate: 8000, channels: 1 })),
      0,
    );
    const [audio] = machine.text(JSON.stringify(platform.media({ bytes: Buffer.from(bytes) })), 0);
    if (opened?.kind !== 'open' || audio?.kind !== 'audio') throw new Error('no call');
    expect(new StreamDecoder(opened.description.format).decode(audio.bytes)[0]).toBe(first);
    const half = JSON.stringify(platform.media({ chunk: 2, bytes: Buffer.alloc(3) }));
    const code = encoding === 'L16' ? 'partial-frame' : undefined;
    expect(machine.text(half, 0).find(({ kind }) => kind === 'count')).toEqual(
      code && { kind: 'count', code },
    );
  });

  it.each([16000, 24000, 32000, 48000])('takes L16 at %d Hz', (rate) => {
    const [opened] = aMachine().text(
      JSON.stringify(platform.start({ encoding: 'L16', sample_rate: rate, channels: 1 })),
      0,
    );
    expect(opened).toMatchObject({ description: { format: { encoding: 'l16', sampleRateHz: rate } } });
  });

  it('drops half a sample of L16, and what comes after it does not wait for it', () => {
    const machine = aMachine();
    machine.text(JSON.stringify(platform.start({ encoding: 'L16', sample_rate: 16000, channels: 1 })), 0);
    const bad = platform.media({ chunk: 1, bytes: Buffer.alloc(3) });
    expect(machine.text(JSON.stringify(bad), 0)).toEqual([{ kind: 'count', code: 'partial-frame' }]);
    const next = platform.media({ chunk: 2, timestampMs: 20, bytes: Buffer.alloc(640) });
    expect(machine.text(JSON.stringify(next), 0)).toMatchObject([{ kind: 'audio' }]);
  });
});
