import { describe, expect, it } from '@jest/globals';
import { decodeL16, encodeL16, takeChannel } from './pcm.js';

describe('L16', () => {
  it('is little-endian and signed', () => {
    expect(Array.from(decodeL16(Uint8Array.of(0x00, 0x40, 0x00, 0x80, 0xff, 0x7f)))).toEqual([
      0.5,
      -1,
      32767 / 32768,
    ]);
  });

  it('reads a view that does not begin on an even address', () => {
    expect(Array.from(decodeL16(Uint8Array.of(9, 0x00, 0x40).subarray(1)))).toEqual([0.5]);
  });

  it('encodes back what was decoded and clips the rest', () => {
    expect(Array.from(decodeL16(encodeL16(Float32Array.of(0.25, -1, 3, NaN))))).toEqual([
      0.25,
      -1,
      32767 / 32768,
      0,
    ]);
  });
});

describe('takeChannel', () => {
  it('takes one side of interleaved samples', () => {
    expect(Array.from(takeChannel(Float32Array.of(1, 2, 3, 4), 2, 1))).toEqual([2, 4]);
  });
});
