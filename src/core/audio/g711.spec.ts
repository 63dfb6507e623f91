import { describe, expect, it } from '@jest/globals';
import { decodeAlaw, decodeMulaw, encodeAlaw, encodeMulaw } from './g711.js';

const allCodes = Uint8Array.from({ length: 256 }, (_, code) => code);

/**
 * ITU-T G.711 (11/88), last column of Tables 2a and 1a: the first and last decoder output of each segment, from the highest
 * one down; within a segment the 16 outputs are evenly spaced.
 */
const mulawSegments = [[8031, 4191], [3999, 2079], [1983, 1023], [975, 495], [471, 231], [219, 99], [93, 33], [30, 0]] as const; // prettier-ignore
const alawSegments = [[4032, 2112], [2016, 1056], [1008, 528], [504, 264], [252, 132], [126, 66], [63, 33], [31, 1]] as const; // prettier-ignore

function fromTable(segments: readonly (readonly [number, number])[]): number[] {
  return segments.flatMap(([first, last]) =>
    Array.from({ length: 16 }, (_, i) => first + ((last - first) * i) / 15),
  );
}

describe('µ-law', () => {
  const table = fromTable(mulawSegments);

  it('decodes all 256 codes to the values of Table 2a', () => {
    // On the wire code 0x80 is the largest positive value and 0x00 the largest negative one.
    const decoded = decodeMulaw(allCodes);
    table.forEach((value, i) => {
      expect(decoded[0x80 + i]! * 8192).toBe(value);
      expect(decoded[i]! * 8192 + value).toBe(0);
    });
  });

  it('encodes every decoded value back to its code, but for the second zero', () => {
    expect(encodeMulaw(decodeMulaw(allCodes))).toEqual(allCodes.map((code) => (code === 0x7f ? 0xff : code)));
  });
});

describe('A-law', () => {
  const table = fromTable(alawSegments);

  it('decodes all 256 codes to the values of Table 1a', () => {
    const decoded = decodeAlaw(allCodes);
    table.forEach((value, i) => {
      // Table 1a lists the character signal 1111 1111 for the largest value; even bits are inverted on the wire (Note 2).
      expect(decoded[(0xff - i) ^ 0x55]! * 4096).toBe(value);
      expect(decoded[(0x7f - i) ^ 0x55]! * 4096).toBe(-value);
    });
  });

  it('encodes every decoded value back to its code', () => {
    expect(encodeAlaw(decodeAlaw(allCodes))).toEqual(allCodes);
  });
});

describe('G.711 encoding', () => {
  it('clips what is over full scale and takes no-number for silence', () => {
    const wild = Float32Array.of(7, -7, NaN);
    expect(Array.from(encodeMulaw(wild))).toEqual([0x80, 0x00, 0xff]);
    expect(Array.from(encodeAlaw(wild))).toEqual([0xaa, 0x2a, 0xd5]);
  });

  it('stays within half a step of the sample: 1/32 of it, the width of a mantissa step', () => {
    const ramp = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 2100);
    const pairs = [decodeMulaw(encodeMulaw(ramp)), decodeAlaw(encodeAlaw(ramp))];
    for (const decoded of pairs) {
      ramp.forEach((sample, i) => {
        expect(Math.abs(decoded[i]! - sample)).toBeLessThanOrEqual(Math.abs(sample) / 32 + 1 / 4096);
      });
    }
  });
});
