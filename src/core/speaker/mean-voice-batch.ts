import type { KeptSum } from './centring.js';
import { geometricMedian } from './geometric-median.js';
import { unit } from './vectors.js';

/** Voices that are gathered before anything of them is kept: what is stored never differs by fewer people than these. */
export const peopleAtOnce = 30;

/** Calls of different people on their way into the sum that a mean voice is made of; in memory only, each person once. */
export class MeanVoiceBatch<PersonId> {
  private readonly voices = new Map<PersonId, Float32Array>();

  constructor(private readonly embeddingSize: number) {}

  add(person: PersonId, direction: Float32Array): void {
    if (direction.length !== this.embeddingSize)
      throw new RangeError(`a voice of ${direction.length} numbers is of another model`);
    const voice = this.voices.has(person) ? null : unit(direction);
    if (voice) this.voices.set(person, voice);
  }

  has(person: PersonId): boolean {
    return this.voices.has(person);
  }

  /**
   * Once there are enough people; what is left is empty. Their middle counts as often as there are people: the geometric median, which
   * fraudsters among them move no further than as many honest callers would.
   */
  take(): KeptSum | null {
    const calls = this.voices.size;
    if (calls < peopleAtOnce) return null;
    const sum = geometricMedian([...this.voices.values()]).map((value) => value * calls);
    this.forget();
    return { sum, calls };
  }

  /** One person cannot be taken out of what is made of few: all of it goes. */
  forget(): void {
    for (const voice of this.voices.values()) voice.fill(0);
    this.voices.clear();
  }
}
