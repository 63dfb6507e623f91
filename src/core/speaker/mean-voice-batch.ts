import { MeanVoiceAccumulator, type KeptSum } from './centring.js';

/** Voices that are added up before anything of them is kept: what is stored never differs by fewer people than these. */
export const peopleAtOnce = 50;

/** Calls of different people on their way into the sum that a centre is made of; in memory only, each person once. */
export class MeanVoiceBatch<PersonId> {
  private readonly people = new Set<PersonId>();
  private readonly gathered: MeanVoiceAccumulator;

  constructor(embeddingSize: number) {
    this.gathered = new MeanVoiceAccumulator(embeddingSize);
  }

  add(person: PersonId, direction: Float32Array): void {
    if (this.people.has(person)) return;
    this.people.add(person);
    this.gathered.add(direction);
  }

  has(person: PersonId): boolean {
    return this.people.has(person);
  }

  /** Once there are enough people; what is left is empty. */
  take(): KeptSum | null {
    const kept = this.gathered.state();
    if (kept.calls < peopleAtOnce) return null;
    this.forget();
    return kept;
  }

  /** One person cannot be taken out of a sum of few: all of it goes. */
  forget(): void {
    this.gathered.forget();
    this.people.clear();
  }
}
