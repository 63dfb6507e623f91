import { describe, expect, it } from '@jest/globals';

import { exotelPlatform as platform } from '../../../test/telephony/media-streams.js';
import { StreamDecoder } from '../../core/audio/decoder.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { exotel } from './exotel-dialect.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };

function aMachine(): MediaStreamMachine {
  const machine = new MediaStreamMachine(exotel, undefined, timeouts, 0);
  machine.text(JSON.stringify(platform.connected), 0);
  return machine;
}

describe('a call over Exotel', () => {
  it('takes the numbers from start', () => {
    expect(aMachine().text(JSON.stringify(platform.start()), 0)).toMatchObject([
      { kind: 'open', description: { externalId: 'CA1', ani: '+15550100', dnis: '+15550199' } },
    ]);
  });

  it("never keeps a token that stood in the stream URL's query", () => {
    const parameters = { token: 'tmb_secret', 'sample-rate': '16000', customerId: 'ACC-1', shift: 'night' };
    const [opened] = aMachine().text(JSON.stringify(platform.start(undefined, parameters)), 0);
    expect(opened).toMatchObject({ description: { claimedCustomer: 'ACC-1', metadata: { shift: 'night' } } });
    expect(JSON.stringify(opened)).not.toContain('tmb_secret');
  });

  it.each([
    ['audio/x-raw', '8000', [0x00, 0x40], 0.5],
    ['raw/slin', '8000', [0x00, 0x40], 0.5],
    ['base64', '8000', [0x00, 0xc0], -0.5],
    ['audio/L16;rate=8000', '8000', [0x00, 0x40], 0.5],
    ['audio/x-l16', '8000', [0x00, 0x40], 0.5],
    ['audio/x-L16;rate=8000', '8000', [0x00, 0x40], 0.5],
    ['audio/x-mulaw;rate=8000', '8000', [0x80], 8031 / 8192],
  ])('decodes %s: 16 bit are little-endian', (encoding, rate, bytes, first) => {
    const machine = aMachine();
    const [opened] = machine.text(JSON.stringify(platform.start({ encoding, sample_rate: rate })), 0);
    const [audio] = machine.text(JSON.stringify(platform.media({ bytes: Buffer.from(bytes) })), 0);
    if (opened?.kind !== 'open' || audio?.kind !== 'audio') throw new Error('no call');
    expect(new StreamDecoder(opened.description.format).decode(audio.bytes)[0]).toBe(first);
  });

  it.each([16000, 24000])('takes %d Hz, as the sample-rate of the URL asks for', (rate) => {
    const start = platform.start({ encoding: 'audio/x-raw', sample_rate: String(rate) });
    expect(aMachine().text(JSON.stringify(start), 0)).toMatchObject([
      { description: { format: { encoding: 'l16', sampleRateHz: rate } } },
    ]);
  });

  it('takes its ids in camel case beside snake case, and leaves the names of parameters alone', () => {
    const machine = aMachine();
    const start = {
      event: 'start',
      streamSid: 'MZ1',
      start: {
        streamSid: 'MZ1',
        callSid: 'CA1',
        from: '+15550100',
        customParameters: { customerId: 'ACC-1', shiftName: 'night' },
        mediaFormat: { encoding: 'audio/x-l16', sampleRate: '16000' },
      },
    };
    expect(machine.text(JSON.stringify(start), 0)).toMatchObject([
      {
        kind: 'open',
        description: {
          externalId: 'CA1',
          ani: '+15550100',
          claimedCustomer: 'ACC-1',
          metadata: { shiftName: 'night' },
          format: { encoding: 'l16', sampleRateHz: 16_000 },
        },
      },
    ]);
    const { media } = platform.media() as { media: object };
    expect(machine.text(JSON.stringify({ event: 'media', streamSid: 'MZ1', media }), 0)).toMatchObject([
      { kind: 'audio' },
    ]);
    expect(machine.text('{"event":"stop","streamSid":"MZ9"}', 0)).toEqual([
      { kind: 'count', code: 'wrong-stream' },
    ]);
  });

  it('takes numbers as numbers too', () => {
    const machine = aMachine();
    machine.text(JSON.stringify(platform.start({ encoding: 'audio/x-raw', sample_rate: 8000 })), 0);
    const media = platform.media() as { media: object };
    const numbers = { ...media, media: { ...media.media, chunk: 2, timestamp: 100 } };
    expect(machine.text(JSON.stringify(numbers), 0)).toHaveLength(1);
  });
});
