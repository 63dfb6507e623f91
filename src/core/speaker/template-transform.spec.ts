import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TemplateTransform, transformBytes } from './template-transform.js';

const transform = (size: number, seed: string): TemplateTransform =>
  new TemplateTransform(
    size,
    createHash('shake256', { outputLength: transformBytes(size) })
      .update(seed)
      .digest(),
  );
const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const axis = (size: number, at: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => +(i === at));
const vector = (size: number) =>
  fc.float32Array({ minLength: size, maxLength: size, noNaN: true, min: -1, max: 1 });

describe('the secret transform of templates', () => {
  it('leaves every inner product as it was, and gives every vector back', () => {
    fc.assert(
      fc.property(fc.string(), vector(24), vector(24), (seed, a, b) => {
        const secret = transform(24, seed);
        const [turnedA, turnedB] = [secret.protect(a), secret.protect(b)];
        expect(dot(turnedA, turnedB)).toBeCloseTo(dot(a, b), 5);
        secret.restore(turnedA).forEach((value, i) => {
          expect(value).toBeCloseTo(a[i] ?? NaN, 5);
        });
      }),
    );
  });

  it.each([1, 2, 3, 192])(
    'of size %d is orthogonal: its columns are unit vectors at right angles',
    (size) => {
      const secret = transform(size, 'columns');
      const columns = Array.from({ length: size }, (_, i) => secret.protect(axis(size, i)));
      for (const [i, left] of columns.entries())
        for (const right of columns.slice(i)) expect(dot(left, right)).toBeCloseTo(left === right ? 1 : 0, 5);
    },
  );

  it('is the same for the same secret and another one for another', () => {
    const voice = axis(192, 0);
    expect(transform(192, 'one').protect(voice)).toEqual(transform(192, 'one').protect(voice));
    const apart = dot(transform(192, 'one').protect(voice), transform(192, 'two').protect(voice));
    expect(Math.abs(apart)).toBeLessThan(0.3);
  });

  it('is drawn evenly: an entry q of it has E q² = 1/n and E q⁴ = 3/(n(n+2)), and no favoured sign', () => {
    const size = 6;
    const many = 4000;
    for (const [row, column] of [
      [0, 0],
      [5, 0],
      [2, 3],
      [5, 5],
    ] as const) {
      let [first, second, fourth] = [0, 0, 0];
      for (let seed = 0; seed < many; seed += 1) {
        const entry = transform(size, `${seed}`).protect(axis(size, column))[row] ?? NaN;
        first += entry / many;
        second += entry ** 2 / many;
        fourth += entry ** 4 / many;
      }
      // Four standard errors of the mean of `many` draws.
      expect(Math.abs(first)).toBeLessThan(4 * Math.sqrt(1 / size / many));
      expect(Math.abs(second - 1 / size)).toBeLessThan(0.013);
      expect(Math.abs(fourth - 3 / (size * (size + 2)))).toBeLessThan(0.008);
    }
  });

  it('takes neither too few bytes nor a vector of another size', () => {
    expect(() => new TemplateTransform(4, new Uint8Array(4))).toThrow();
    expect(() => transform(4, 'x').protect(new Float32Array(5))).toThrow();
  });
});
