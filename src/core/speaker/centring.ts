import { unit } from './vectors.js';

/** Telephone voices of one region share an offset, the centre; what is left without it tells people apart better. */
export function centred(direction: Float32Array, centre: Float32Array | undefined): Float32Array | null {
  if (!centre) return unit(direction);
  if (centre.length !== direction.length)
    throw new RangeError('the centre and the voice are of different models');
  return unit(direction.map((value, i) => value - (centre[i] ?? 0)));
}

/**
 * Below this cosine the mean of a tenant's callers is another population's than the mean voice in force, and rates that were measured around
 * it do not hold. Callers like those of the model's development calls come to 0.87 and 0.93 by thirties, speakers of another mother tongue to
 * 0.37 to 0.44 (docs/evaluation.md).
 */
export const farMeanVoice = 0.7;

/** All that is kept of the calls that a centre is made of. */
export interface KeptSum {
  readonly sum: Float64Array;
  readonly calls: number;
}

export type MeanVoiceRefit =
  | { readonly kind: 'ready'; readonly centre: Float32Array; readonly calls: number }
  | { readonly kind: 'too-few-calls'; readonly calls: number; readonly neededCalls: number };

/**
 * A centre from many calls: their sum and their number are all that is kept, and one call's voice cannot be taken out of
 * a sum of many again. Each call weighs the same however long it was.
 */
export class MeanVoiceAccumulator {
  private readonly sum: Float64Array;
  private calls = 0;

  constructor(embeddingSize: number, kept?: KeptSum) {
    if (kept && kept.sum.length !== embeddingSize)
      throw new RangeError(`a sum of ${kept.sum.length} numbers is of another model`);
    this.sum = kept ? Float64Array.from(kept.sum) : new Float64Array(embeddingSize);
    this.calls = kept?.calls ?? 0;
  }

  /** The mean direction of one call. What has no direction is left out. */
  add(direction: Float32Array): void {
    if (direction.length !== this.sum.length)
      throw new RangeError(`a voice of ${direction.length} numbers is of another model`);
    const length1 = unit(direction);
    if (!length1) return;
    length1.forEach((value, i) => (this.sum[i] = (this.sum[i] ?? 0) + value));
    length1.fill(0);
    this.calls += 1;
  }

  /** What was gathered elsewhere, of other calls. */
  include({ sum, calls }: KeptSum): void {
    if (sum.length !== this.sum.length)
      throw new RangeError(`a sum of ${sum.length} numbers is of another model`);
    sum.forEach((value, i) => (this.sum[i] = (this.sum[i] ?? 0) + value));
    this.calls += calls;
  }

  forget(): void {
    this.sum.fill(0);
    this.calls = 0;
  }

  state(): KeptSum {
    return { sum: Float64Array.from(this.sum), calls: this.calls };
  }

  /** Few calls would make a centre of a few people, which says something about them. */
  refit(neededCalls: number): MeanVoiceRefit {
    const { calls } = this;
    if (calls < Math.max(1, neededCalls)) return { kind: 'too-few-calls', calls, neededCalls };
    return { kind: 'ready', centre: Float32Array.from(this.sum, (value) => value / calls), calls };
  }
}
