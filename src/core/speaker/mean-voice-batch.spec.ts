import { describe, expect, it } from '@jest/globals';
import { MeanVoiceBatch, peopleAtOnce } from './mean-voice-batch.js';

const voice = Float32Array.of(1, 0);
function batchOf(people: number): MeanVoiceBatch<string> {
  const batch = new MeanVoiceBatch<string>(2);
  for (let i = 0; i < people; i++) batch.add(`person ${i}`, voice);
  return batch;
}

describe('calls on their way into a centre', () => {
  it('are kept once they are of enough people, and then only as a sum', () => {
    expect(batchOf(peopleAtOnce - 1).take()).toBeNull();
    const batch = batchOf(peopleAtOnce);
    expect(batch.take()).toEqual({ sum: Float64Array.of(peopleAtOnce, 0), calls: peopleAtOnce });
    expect(batch.take()).toBeNull();
    expect(batch.has('person 0')).toBe(false);
  });

  it('count a person who calls again once', () => {
    const batch = batchOf(peopleAtOnce - 1);
    batch.add('person 0', Float32Array.of(0, 1));
    expect(batch.take()).toBeNull();
  });

  it('are all gone when one of those people withdraws', () => {
    const batch = batchOf(peopleAtOnce - 1);
    batch.forget();
    batch.add('one more', voice);
    expect(batch.take()).toBeNull();
  });
});
