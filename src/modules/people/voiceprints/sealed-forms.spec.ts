import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packStretch, packVector, unpackStretch, unpackVector } from './sealed-forms.js';

const vector = fc.float32Array({ minLength: 8, maxLength: 8, noNaN: true });

describe('what lies under the seal', () => {
  it('gives a vector back bit by bit', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true }), (original) => {
        expect(unpackVector(packVector(original))).toEqual(original);
      }),
    );
  });

  it('is little-endian IEEE 754', () => {
    expect(packVector(Float32Array.of(1, -2)).toString('hex')).toBe('0000803f000000c0');
  });

  it('gives a stretch back as it was', () => {
    const stretch = fc.record({
      netSpeechMs: fc.nat(),
      quality: fc.record({
        speechLevelDbfs: fc.integer(),
        snrDb: fc.option(fc.integer()),
        clippedShare: fc.constantFrom(0, 0.25, 1),
        concealedShare: fc.constantFrom(0, 0.25, 1),
      }),
      embeddings: fc.array(fc.record({ netSpeechMs: fc.nat(), embedding: vector })),
    });
    fc.assert(
      fc.property(stretch, (original) => {
        expect(unpackStretch(packStretch(original))).toEqual(original);
      }),
    );
  });
});
