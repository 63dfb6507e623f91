import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import wavefile from 'wavefile';
import { parseWav } from './wav.js';

/** Files made by another program, the `wavefile` package. */
function aWav(rate = 8000, depth = '16', channels = 1, samples: number[] = [1, -2, 3, -4]): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(channels, rate, depth, samples);
  return wav.toBuffer();
}

function asLaw(law: 'toALaw' | 'toMuLaw'): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, 8000, '16', [0, 1000, -1000, 30_000]);
  wav[law]();
  return wav.toBuffer();
}

function asAdpcm(): Uint8Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, 8000, '16', new Array<number>(2000).fill(0));
  wav.toIMAADPCM();
  return wav.toBuffer();
}

const refusal = (file: Uint8Array): string => {
  const parsed = parseWav(file);
  return parsed.kind === 'refused' ? parsed.reason : parsed.kind;
};

describe('parseWav', () => {
  it('reads 16-bit PCM at 8, 16 and 48 kHz, one or two channels', () => {
    expect(parseWav(aWav())).toEqual({
      kind: 'ok',
      format: { encoding: 'l16', sampleRateHz: 8000, channels: 1 },
      data: Uint8Array.of(1, 0, 0xfe, 0xff, 3, 0, 0xfc, 0xff),
      durationMs: 0.5,
      notes: [],
    });
    expect(parseWav(aWav(16_000, '16', 2))).toMatchObject({
      format: { sampleRateHz: 16_000, channels: 2 },
      durationMs: 0.25 / 2,
    });
    expect(parseWav(aWav(48_000))).toMatchObject({ format: { sampleRateHz: 48_000 } });
  });

  it('reads A-law and µ-law', () => {
    expect(parseWav(asLaw('toALaw'))).toMatchObject({ format: { encoding: 'alaw' }, durationMs: 0.5 });
    expect(parseWav(asLaw('toMuLaw'))).toMatchObject({ format: { encoding: 'mulaw' }, durationMs: 0.5 });
  });

  it('reads the extensible form', () => {
    const plain = aWav();
    const extensible = new Uint8Array(plain.length + 24);
    extensible.set(plain.subarray(0, 36));
    extensible.set(plain.subarray(36), 60);
    extensible[16] = 40;
    extensible.set([0xfe, 0xff], 20);
    extensible.set([22, 0, 16, 0, 4, 0, 0, 0, 1, 0], 36);
    expect(parseWav(extensible)).toMatchObject({ kind: 'ok', format: { encoding: 'l16' }, durationMs: 0.5 });
  });

  it('takes a file of unknown length, as streaming programs write it, to its end', () => {
    const file = aWav();
    file.fill(0xff, 40, 44);
    expect(parseWav(file)).toMatchObject({ kind: 'ok', durationMs: 0.5, notes: ['length-unknown'] });
  });

  /** What programs that can't go back write for the length of the sound. */
  it.each([
    ['recorders that crashed, mpg123, Festival', 0],
    ['GStreamer', 0x7fff0000],
    ['sox', 0x7ffff000],
    ['lame', 0x7fffffff],
    ['arecord', 0x80000000],
    ['ffmpeg', 0xffffffff - 36],
  ])('takes the length that %s write into a pipe for none', (_, length) => {
    const file = aWav();
    new DataView(file.buffer, file.byteOffset).setUint32(40, length, true);
    expect(parseWav(file)).toMatchObject({ kind: 'ok', durationMs: 0.5, notes: ['length-unknown'] });
  });

  it('believes a length of 0 when whole chunks follow up to the end', () => {
    const empty = aWav(8000, '16', 1, []);
    const list = Uint8Array.of(0x4c, 0x49, 0x53, 0x54, 4, 0, 0, 0, 0x49, 0x4e, 0x46, 0x4f);
    expect(refusal(Uint8Array.of(...empty, ...list))).toBe('empty');
  });

  it('reads what is there of a file that lacks a hundredth, and says so', () => {
    const file = aWav(8000, '16', 1, new Array<number>(200).fill(1));
    expect(parseWav(file.subarray(0, file.length - 4))).toMatchObject({
      kind: 'ok',
      durationMs: 198 / 8,
      notes: ['cut-short'],
    });
  });

  it.each([
    ['8', 'u8'],
    ['24', 'l24'],
    ['32', 'l32'],
    ['32f', 'f32'],
    ['64', 'f64'],
  ] as const)('reads %s bits, at any rate from 8 kHz on', (depth, encoding) => {
    for (const sampleRateHz of [8000, 11_025, 22_050, 37_800, 44_100, 96_000, 192_000]) {
      expect(parseWav(aWav(sampleRateHz, depth))).toMatchObject({ format: { encoding, sampleRateHz } });
    }
  });

  it('reads RF64, whose length stands in a chunk of its own', () => {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 8000, '16', [1, -2, 3, -4], { container: 'RF64' });
    expect(parseWav(wav.toBuffer())).toMatchObject({ kind: 'ok', durationMs: 0.5, notes: [] });
  });

  it.each([
    ['MP3', [0xff, 0xfb, 0x90, 0x64]],
    ['AAC', [0xff, 0xf1, 0x50, 0x80]],
    ['M4A', [0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70]],
    ['FLAC', [0x66, 0x4c, 0x61, 0x43]],
    ['AMR', [0x23, 0x21, 0x41, 0x4d, 0x52, 0x0a]],
  ])('names a file of %s, and says how to convert it', (name, start) => {
    const parsed = parseWav(Uint8Array.of(...start, ...new Uint8Array(20)));
    expect(parsed).toMatchObject({ kind: 'refused', reason: 'not-wav' });
    expect(parsed.kind === 'refused' && parsed.detail).toMatch(new RegExp(`${name}.*ffmpeg -i`));
  });

  it('says why it refuses', () => {
    const withoutData = aWav();
    withoutData.set([0x6a, 0x75, 0x6e, 0x6b], 36);
    expect(refusal(new Uint8Array(0))).toBe('empty');
    expect(refusal(aWav(8000, '16', 1, []))).toBe('empty');
    expect(refusal(new TextEncoder().encode('ID3 this is a song, not a WAV file'))).toBe('not-wav');
    expect(refusal(aWav().subarray(0, 12))).toBe('not-wav');
    expect(refusal(aWav(6000))).toBe('unsupported-rate');
    expect(refusal(aWav(384_000))).toBe('unsupported-rate');
    expect(refusal(asAdpcm())).toBe('unsupported-codec');
    expect(refusal(aWav(8000, '16', 3, [1, 2, 3]))).toBe('too-many-channels');
    expect(refusal(aWav(8000, '16', 1, new Array<number>(100).fill(1)).subarray(0, 44 + 196))).toBe(
      'truncated',
    );
    expect(refusal(aWav().subarray(0, 48))).toBe('truncated');
    expect(refusal(aWav().subarray(0, 30))).toBe('truncated');
    expect(refusal(withoutData)).toBe('truncated');
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(43), (noise, keep) => {
        const file = Uint8Array.of(...aWav().subarray(0, keep), ...noise);
        expect(['ok', 'refused']).toContain(parseWav(file).kind);
      }),
    );
  });
});
