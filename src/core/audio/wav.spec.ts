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
    expect(parseWav(file)).toMatchObject({ kind: 'ok', durationMs: 0.5 });
  });

  it('says why it refuses', () => {
    const withoutData = aWav();
    withoutData.set([0x6a, 0x75, 0x6e, 0x6b], 36);
    expect(refusal(new Uint8Array(0))).toBe('empty');
    expect(refusal(aWav(8000, '16', 1, []))).toBe('empty');
    expect(refusal(new TextEncoder().encode('ID3 this is a song, not a WAV file'))).toBe('not-wav');
    expect(refusal(aWav().subarray(0, 12))).toBe('not-wav');
    expect(refusal(aWav(44_100))).toBe('unsupported-rate');
    expect(refusal(aWav(8000, '24'))).toBe('unsupported-codec');
    expect(refusal(aWav(8000, '32f'))).toBe('unsupported-codec');
    expect(refusal(aWav(8000, '16', 3, [1, 2, 3]))).toBe('too-many-channels');
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
