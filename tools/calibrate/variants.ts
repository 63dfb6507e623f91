import { MeanVoiceAccumulator } from '../../src/core/speaker/centring.js';
import { readCohort } from '../../src/core/speaker/normalisation.js';
import { Scorer, type ComparableVoice, type ScoringModel } from '../../src/core/speaker/scoring.js';
import { meanDirection } from '../../src/core/speaker/vectors.js';
import type { Voice } from '../evaluate/compare.js';
import type { Material } from './material.js';

/** One way of getting a score. */
export interface Variant {
  readonly centring: boolean;
  /** Cohort voices of the normalisation; null: none. */
  readonly topN: number | null;
}

export function variantName({ centring, topN }: Variant, cohortSize: number): string {
  const norm = topN === null ? 'raw' : topN === cohortSize ? 'S-norm' : `AS-norm, top ${topN}`;
  return centring ? `centred, ${norm}` : norm;
}

export interface CohortNumbers {
  readonly numbers: Float32Array;
  readonly size: number;
}

/** The mean of the callers' directions, one vote a caller. `without`: callers who must not have taken part. */
export function centreOf(
  calls: Material['calls'],
  embeddingSize: number,
  without: readonly string[] = [],
): Float32Array {
  const sum = new MeanVoiceAccumulator(embeddingSize);
  for (const [caller, directions] of calls) {
    if (without.includes(caller)) continue;
    const voice = meanDirection(directions.map((embedding) => ({ embedding, weight: 1 })));
    if (voice) sum.add(voice);
  }
  const refit = sum.refit(1);
  if (refit.kind !== 'ready') throw new RangeError('there are too few callers to fit a centre');
  return refit.centre;
}

/** A score for each comparison, the centre fitted without both of its callers: as it will be for people it never heard. */
export function scoresOf(
  { comparisons, calls }: Material,
  model: ScoringModel,
  cohort: CohortNumbers,
  { centring, topN }: Variant,
): Float64Array {
  const normalisation =
    topN === null ? undefined : { topN, cohort: readCohort(cohort.numbers, cohort.size, centring) };
  const readers = new Map<string, VoiceReader>();
  const readerFor = (callers: readonly [string, string]): VoiceReader => {
    const key = centring ? [...callers].sort().join(' ') : '';
    let reader = readers.get(key);
    if (!reader) {
      const centre = centring ? centreOf(calls, cohort.size, callers) : undefined;
      reader = new VoiceReader(new Scorer({ ...model, centre, normalisation }));
      readers.set(key, reader);
    }
    return reader;
  };
  return Float64Array.from(comparisons, ({ enrolSpeaker, probeSpeaker, reference, probe }) => {
    const reader = readerFor([enrolSpeaker, probeSpeaker]);
    return reader.scorer.score(reader.ready(reference), reader.ready(probe));
  });
}

/** Makes each voice ready once. */
class VoiceReader {
  private readonly known = new Map<Voice, ComparableVoice>();

  constructor(readonly scorer: Scorer) {}

  ready(voice: Voice): ComparableVoice {
    const known = this.known.get(voice);
    if (known) return known;
    const made = this.scorer.ready(voice.direction, voice.netSpeechMs);
    if (!made) throw new RangeError('a voice lies on the centre');
    this.known.set(voice, made);
    return made;
  }
}
