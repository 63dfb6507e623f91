import { describe, expect, it } from '@jest/globals';

import { signalwirePlatform as platform } from '../../../test/telephony/media-streams.js';
import { StreamDecoder } from '../../core/audio/decoder.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { signalwire } from './signalwire-dialect.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };

function aMachine(): MediaStreamMachine {
  return new MediaStreamMachine(signalwire, undefined, timeouts, 0);
}

describe('a call over SignalWire', () => {
  it("reads the messages as SignalWire's page shows them, each inside rawEvent", () => {
    const outside = { timestamp: '2025-09-26T16:25:04.794Z', direction: 'inbound', streamSid: '7d56cc11' };
    const machine = aMachine();
    machine.text(
      JSON.stringify({
        ...outside,
        eventType: 'connected',
        rawEvent: { event: 'connected', protocol: 'Call', version: '0.2.0' },
      }),
      0,
    );
    const start = {
      event: 'start',
      sequenceNumber: '1',
      start: {
        streamSid: '7d56cc11',
        accountSid: 'b08dacad',
        callSid: '76ac3c36',
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-L16', sampleRate: 24000, channels: 1 },
      },
    };
    const [opened] = machine.text(JSON.stringify({ ...outside, eventType: 'start', rawEvent: start }), 0);
    expect(opened).toMatchObject({
      kind: 'open',
      description: { externalId: '76ac3c36', format: { encoding: 'l16', sampleRateHz: 24000 } },
    });
    const media = {
      event: 'media',
      sequenceNumber: '1002',
      media: {
        track: 'inbound',
        chunk: '1001',
        timestamp: '20041',
        payload: Buffer.alloc(960).toString('base64'),
      },
    };
    expect(
      machine.text(JSON.stringify({ ...outside, eventType: 'media', rawEvent: media }), 0),
    ).toMatchObject([{ kind: 'audio', positionMs: 0 }]);
    const stop = { event: 'stop', sequenceNumber: '1002' };
    expect(machine.text(JSON.stringify({ ...outside, eventType: 'stop', rawEvent: stop }), 0)).toEqual([
      { kind: 'end', reason: 'ended' },
    ]);
  });

  it.each([
    ['audio/x-mulaw', 8000, [0x80], 8031 / 8192],
    ['audio/x-L16', 8000, [0x00, 0x40], 0.5],
  ])('decodes %s at %d Hz; L16 is little-endian', (encoding, sampleRate, bytes, first) => {
    const machine = aMachine();
    machine.text(JSON.stringify(platform.connected), 0);
    const [opened] = machine.text(JSON.stringify(platform.start({ encoding, sampleRate, channels: 1 })), 0);
    const [audio] = machine.text(JSON.stringify(platform.media({ bytes: Buffer.from(bytes) })), 0);
    if (opened?.kind !== 'open' || audio?.kind !== 'audio') throw new Error('no call');
    expect(new StreamDecoder(opened.description.format).decode(audio.bytes)[0]).toBe(first);
  });

  it('takes a start that does not say its tracks: the caller is heard, and nobody else', () => {
    const machine = aMachine();
    const { start, ...rest } = platform.start() as { start: object };
    expect(
      machine.text(JSON.stringify({ ...rest, start: { ...start, tracks: undefined } }), 0),
    ).toMatchObject([{ kind: 'open', description: { format: { channels: 1 } } }]);
    expect(machine.text(JSON.stringify(platform.media({ track: 'outbound' })), 0)).toEqual([]);
    expect(machine.text(JSON.stringify(platform.media()), 0)).toMatchObject([{ kind: 'audio' }]);
  });

  it('takes a media message that does not repeat the stream', () => {
    const machine = aMachine();
    machine.text(JSON.stringify(platform.connected), 0);
    machine.text(JSON.stringify(platform.start()), 0);
    expect(machine.text(JSON.stringify({ ...platform.media(), streamSid: undefined }), 0)).toHaveLength(1);
  });
});
