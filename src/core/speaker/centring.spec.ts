import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MeanVoiceAccumulator } from './centring.js';

const centreOf = (sum: MeanVoiceAccumulator): number[] => {
  const refit = sum.refit(1);
  return refit.kind === 'ready' ? [...refit.centre] : [];
};

describe('a centre refitted on calls', () => {
  it('is the mean of their directions, each call weighing the same', () => {
    const sum = new MeanVoiceAccumulator(2);
    sum.add(Float32Array.of(5, 0));
    sum.add(Float32Array.of(0, 0.1));
    sum.add(Float32Array.of(0, 1));
    expect(centreOf(sum)[0]).toBeCloseTo(1 / 3, 6);
    expect(centreOf(sum)[1]).toBeCloseTo(2 / 3, 6);
  });

  it('is refused below the least number of calls, which would tell of few people', () => {
    const sum = new MeanVoiceAccumulator(2);
    for (let call = 0; call < 9; call++) sum.add(Float32Array.of(1, 0));
    expect(sum.refit(10)).toEqual({ kind: 'too-few-calls', calls: 9, neededCalls: 10 });
    sum.add(Float32Array.of(1, 0));
    expect(sum.refit(10)).toMatchObject({ kind: 'ready', calls: 10 });
    expect(new MeanVoiceAccumulator(2).refit(0).kind).toBe('too-few-calls');
  });

  it('goes on from what was kept, and does not depend on the order of the calls', () => {
    const direction = fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
      .filter((numbers) => Math.hypot(...numbers) > 0.01);
    fc.assert(
      fc.property(fc.array(direction, { minLength: 2, maxLength: 20 }), fc.nat(), (calls, cut) => {
        const inOneGo = new MeanVoiceAccumulator(3);
        for (const call of calls) inOneGo.add(Float32Array.from(call));
        const first = new MeanVoiceAccumulator(3);
        const half = cut % calls.length;
        for (const call of calls.slice(half)) first.add(Float32Array.from(call));
        const resumed = new MeanVoiceAccumulator(3, first.state());
        for (const call of calls.slice(0, half)) resumed.add(Float32Array.from(call));
        centreOf(resumed).forEach((value, i) => {
          expect(value).toBeCloseTo(centreOf(inOneGo)[i] ?? NaN, 5);
        });
      }),
    );
  });

  it('leaves out what has no direction, and refuses another model’s', () => {
    const sum = new MeanVoiceAccumulator(2);
    sum.add(Float32Array.of(0, 0));
    sum.add(Float32Array.of(NaN, 1));
    expect(sum.state().calls).toBe(0);
    expect(() => {
      sum.add(Float32Array.of(1, 0, 0));
    }).toThrow(RangeError);
    expect(() => new MeanVoiceAccumulator(3, sum.state())).toThrow(RangeError);
  });
});
