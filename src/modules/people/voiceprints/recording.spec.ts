import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '../../../platform/http/problem.js';
import { readRecording } from './recording.js';

interface Wav {
  readonly formatTag?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  readonly data?: Buffer;
}

/** RIFF by hand, after Microsoft's and IBM's Multimedia Programming Interface and Data Specifications 1.0. */
function wav({
  formatTag = 1,
  channels = 1,
  rateHz = 8000,
  bits = 16,
  data = Buffer.alloc(16_000),
}: Wav = {}): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(formatTag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE((rateHz * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}

/** Two channels that differ. */
function stereo(): Buffer {
  return Buffer.from(Array.from({ length: 16_000 }, (_, i) => (i % 4 === 0 ? 1 : 0)));
}

function refusal(file: Uint8Array, callerChannel?: 0 | 1): { status: number; slug: string } {
  try {
    readRecording(file, callerChannel, 10);
  } catch (error) {
    if (error instanceof ProblemError) return { status: error.status, slug: error.slug };
    throw error;
  }
  throw new Error('the recording was taken');
}

describe('an uploaded recording', () => {
  it('is taken with its format, mono as it is and stereo with its channel said', () => {
    expect(readRecording(wav(), undefined, 10).format).toEqual({
      encoding: 'l16',
      sampleRateHz: 8000,
      channels: 1,
      callerChannel: 0,
    });
    expect(readRecording(wav({ channels: 2, data: stereo() }), 1, 10).format).toMatchObject({
      channels: 2,
      callerChannel: 1,
    });
    expect(readRecording(wav({ formatTag: 7, bits: 8 }), undefined, 10).format).toMatchObject({
      encoding: 'mulaw',
    });
  });

  it('is one channel where both hold the same, whichever is named or none, and says so', () => {
    const left = Buffer.from(Array.from({ length: 800 }, (_, i) => i % 251));
    const both = Buffer.alloc(1600);
    for (let i = 0; i < 800; i += 2) {
      left.copy(both, 2 * i, i, i + 2);
      left.copy(both, 2 * i + 2, i, i + 2);
    }
    for (const callerChannel of [0, 1, undefined] as const) {
      const recording = readRecording(wav({ channels: 2, data: both }), callerChannel, 10);
      expect(recording.format).toMatchObject({ channels: 1, callerChannel: 0 });
      expect(Buffer.from(recording.data)).toEqual(left);
      expect(recording.notes).toEqual(['same-on-both-channels']);
    }
  });

  it('is taken up to the second', () => {
    expect(readRecording(wav({ data: Buffer.alloc(160_000) }), undefined, 10).data).toHaveLength(160_000);
  });

  it.each<{ what: string; file: Buffer; callerChannel?: 0 | 1; is: { status: number; slug: string } }>([
    { what: 'no audio', file: Buffer.from('%PDF-1.7 and so on'), is: { status: 415, slug: 'not-audio' } },
    { what: 'no bytes', file: Buffer.alloc(0), is: { status: 400, slug: 'empty-audio' } },
    { what: 'no samples', file: wav({ data: Buffer.alloc(0) }), is: { status: 400, slug: 'empty-audio' } },
    {
      what: 'fewer samples than it says',
      file: wav().subarray(0, 400),
      is: { status: 400, slug: 'truncated-audio' },
    },
    {
      what: 'a sample more than allowed',
      file: wav({ data: Buffer.alloc(160_002) }),
      is: { status: 413, slug: 'audio-too-long' },
    },
    {
      what: 'a rate below the telephone’s',
      file: wav({ rateHz: 6000 }),
      is: { status: 415, slug: 'unsupported-audio' },
    },
    {
      what: 'another encoding',
      file: wav({ formatTag: 0x11, bits: 4 }),
      is: { status: 415, slug: 'unsupported-audio' },
    },
    { what: 'three channels', file: wav({ channels: 3 }), is: { status: 415, slug: 'unsupported-audio' } },
    {
      what: 'two channels and no word which',
      file: wav({ channels: 2, data: stereo() }),
      is: { status: 400, slug: 'caller-channel-missing' },
    },
    {
      what: 'one channel and a word of the second',
      file: wav(),
      callerChannel: 1,
      is: { status: 400, slug: 'caller-channel-absent' },
    },
  ])('is refused as $is.slug with $what', ({ file, callerChannel, is }) => {
    expect(refusal(file, callerChannel)).toEqual(is);
  });
});
