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

/**
 * The coding law itself, ITU-T G.711 (11/88): Tables 1a and 2a, columns 1 and 2, give the number and size of the quantizing
 * intervals of the positive half from zero upwards; a decoder's output is the middle of its interval (Notes 3 and 4: for µ-law
 * that of the first one is 0). Negative values mirror positive ones.
 */
interface Law {
  readonly intervals: readonly (readonly [count: number, size: number])[];
  readonly fullScale: number;
  /** The octet on the wire of the nth interval of the positive half, counted from zero. */
  readonly code: (interval: number) => number;
  readonly encode: (samples: Float32Array) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => Float32Array;
}

const laws: readonly (readonly [string, Law])[] = [
  [
    'A-law',
    {
      intervals: [[32, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128]], // prettier-ignore
      fullScale: 4096,
      // Table 1a: character signals rise from 1000 0000; Note 2: even bits are inverted.
      code: (interval) => (0x80 + interval) ^ 0x55,
      encode: encodeAlaw,
      decode: decodeAlaw,
    },
  ],
  [
    'µ-law',
    {
      intervals: [[1, 1], [15, 2], [16, 4], [16, 8], [16, 16], [16, 32], [16, 64], [16, 128], [16, 256]], // prettier-ignore
      fullScale: 8192,
      // Table 2a: character signals fall from 1111 1111.
      code: (interval) => 0xff - interval,
      encode: encodeMulaw,
      decode: decodeMulaw,
    },
  ],
];

describe.each(laws)('%s, by the formula of the Recommendation', (name, law) => {
  const sizes = law.intervals.flatMap(([count, size]) => Array.from({ length: count }, () => size));
  const upper = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, size) => sum + size, 0));
  const middle = sizes.map((size, i) => (name === 'µ-law' && i === 0 ? 0 : upper[i]! - size / 2));

  it('has 128 intervals a half', () => {
    expect(sizes).toHaveLength(128);
    expect(upper.at(-1)).toBe(name === 'µ-law' ? 8159 : 4096);
  });

  it('decodes each of the 256 codes to the middle of its interval', () => {
    for (const [i, value] of middle.entries()) {
      const [positive, negative] = law.decode(Uint8Array.of(law.code(i), law.code(i) ^ 0x80));
      expect(positive! * law.fullScale).toBe(value);
      expect(negative! * law.fullScale + value).toBe(0);
    }
  });

  it('encodes every value of its uniform range to the interval that holds it', () => {
    const wrong: number[] = [];
    for (let interval = 0, value = 0; value < upper.at(-1)!; value++) {
      if (value >= upper[interval]!) interval++;
      // Half a step above, where no decision value lies.
      const [positive, negative] = law.encode(
        Float32Array.of((value + 0.5) / law.fullScale, -(value + 0.5) / law.fullScale),
      );
      const mirrored = law.code(interval) ^ 0x80;
      const zero = name === 'µ-law' && interval === 0;
      // µ-law has two zeros, and either one is right.
      if (positive !== law.code(interval) || (negative !== mirrored && !(zero && negative === law.code(0)))) {
        wrong.push(value);
      }
    }
    expect(wrong).toEqual([]);
  });
});
