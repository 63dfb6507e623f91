import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StreamDecoder } from './decoder.js';
import { decodeMulaw } from './g711.js';
import { encodeL16 } from './pcm.js';
import type { AudioEncoding, StreamFormat, StreamRateHz } from './stream-format.js';

const aFormat = (format: Partial<StreamFormat> = {}): StreamFormat => ({
  encoding: 'mulaw',
  sampleRateHz: 8000,
  channels: 1,
  callerChannel: 0,
  ...format,
});

const formats = fc.record({
  encoding: fc.constantFrom<AudioEncoding>('mulaw', 'alaw', 'l16'),
  sampleRateHz: fc.constantFrom<StreamRateHz>(8000, 16_000, 24_000, 48_000),
  channels: fc.constantFrom<1 | 2>(1, 2),
  callerChannel: fc.constant<0 | 1>(0),
});

describe('StreamDecoder', () => {
  it('decodes telephone µ-law as it is', () => {
    const bytes = Uint8Array.of(0x00, 0x80, 0xff);
    expect(new StreamDecoder(aFormat()).decode(bytes)).toEqual(decodeMulaw(bytes));
  });

  it("never hears the agent's channel", () => {
    const caller = new Float32Array(400);
    const stereo = Float32Array.from({ length: 800 }, (_, i) => (i % 2 === 0 ? 0.9 : caller[i >> 1]!));
    const decoder = new StreamDecoder(aFormat({ encoding: 'l16', channels: 2, callerChannel: 1 }));
    expect(decoder.decode(encodeL16(stereo))).toEqual(caller);
  });

  it("gives the agent's channel beside it, sample for sample, at any rate", () => {
    for (const sampleRateHz of [8000, 16_000, 48_000] as const) {
      const tone = Float32Array.from({ length: sampleRateHz / 10 }, (_, n) =>
        Math.sin((2 * Math.PI * 400 * n) / sampleRateHz),
      );
      const stereo = tone.length * 2;
      const bytes = encodeL16(
        Float32Array.from({ length: stereo }, (_, i) => (i % 2 === 0 ? tone[i >> 1]! : 0)),
      );
      const format = aFormat({ encoding: 'l16', channels: 2, callerChannel: 1, sampleRateHz });
      const { caller, agent } = new StreamDecoder(format).decodeBoth(bytes);
      expect(caller).toHaveLength(800);
      expect(agent).toHaveLength(800);
      const power = agent!.reduce((sum, sample) => sum + sample * sample, 0) / 800;
      expect(10 * Math.log10(power / 0.5)).toBeCloseTo(0, 0);
    }
    expect(new StreamDecoder(aFormat()).decodeBoth(Uint8Array.of(1)).agent).toBeUndefined();
  });

  it('gives the same samples however the bytes are cut, in every format', () => {
    fc.assert(
      fc.property(
        formats,
        fc.uint8Array({ minLength: 100, maxLength: 600 }),
        fc.array(fc.nat(9), { minLength: 3, maxLength: 12 }),
        (format, bytes, cuts) => {
          const whole = new StreamDecoder(format).decode(bytes);
          const decoder = new StreamDecoder(format);
          const parts: number[] = [];
          let at = 0;
          for (const size of [...cuts, bytes.length]) {
            parts.push(...decoder.decode(bytes.subarray(at, at + size)));
            at += size;
          }
          expect(parts).toEqual(Array.from(whole));
        },
      ),
    );
  });

  it('forgets half a frame at a reset', () => {
    const decoder = new StreamDecoder(aFormat({ encoding: 'l16' }));
    expect(decoder.decode(Uint8Array.of(1))).toHaveLength(0);
    decoder.reset();
    expect(Array.from(decoder.decode(Uint8Array.of(0x00, 0x40)))).toEqual([0.5]);
  });
});
