import { countedSpeechMs, toLlr, type Calibration } from './calibration.js';
import { centred } from './centring.js';
import {
  cohortStatistics,
  symmetricallyNormalised,
  type CohortStatistics,
  type ScoreNormalisation,
} from './normalisation.js';
import type { Llr } from './verification.js';
import { dot } from './vectors.js';

/** What of a model is needed to compare voices that it embedded. */
export interface ScoringModel {
  readonly id: string;
  readonly sha256: string;
  readonly calibration: Calibration;
  readonly centre?: Float32Array | undefined;
  readonly normalisation?: ScoreNormalisation | undefined;
}

/** An llr from another model's calibration would be a number without a meaning. */
export class ForeignCalibrationError extends Error {
  constructor(model: ScoringModel) {
    super(
      `model ${model.id} has sha256 ${model.sha256}, its calibration was fitted for ${model.calibration.modelSha256}`,
    );
    this.name = 'ForeignCalibrationError';
  }
}

/** A voice made ready to be compared, once for all comparisons. */
export interface ComparableVoice {
  readonly direction: Float32Array;
  /** As it counts in evidence. */
  readonly netSpeechMs: number;
  readonly likeness: number | null;
  readonly cohort: CohortStatistics | null;
}

/** Compares voices: centring, cosine, score normalisation, calibration. The only way to an llr. */
export class Scorer {
  /** `centre`: a tenant's own in place of the model's. */
  constructor(
    private readonly model: ScoringModel,
    private readonly centre = model.centre,
  ) {
    if (model.calibration.modelSha256 !== model.sha256) throw new ForeignCalibrationError(model);
  }

  /**
   * Null for what has no direction. Both sides of a comparison must be made ready by the same scorer. `likeness`: mean cosine of
   * the voice's successive stretches.
   */
  ready(
    direction: Float32Array,
    netSpeechMs: number,
    likeness: number | null = null,
  ): ComparableVoice | null {
    const voice = centred(direction, this.centre);
    if (!voice) return null;
    const { normalisation } = this.model;
    const cohort = normalisation ? cohortStatistics(voice, normalisation) : null;
    const countedMs = countedSpeechMs(netSpeechMs, likeness, this.model.calibration);
    return { direction: voice, netSpeechMs: countedMs, likeness, cohort };
  }

  score(reference: ComparableVoice, probe: ComparableVoice): number {
    const rawScore = dot(reference.direction, probe.direction);
    return reference.cohort && probe.cohort
      ? symmetricallyNormalised(rawScore, reference.cohort, probe.cohort)
      : rawScore;
  }

  llr(reference: ComparableVoice, probe: ComparableVoice, snrDb: number | null): Llr {
    const side = {
      probeNetSpeechMs: probe.netSpeechMs,
      referenceNetSpeechMs: reference.netSpeechMs,
      snrDb,
      likeness: probe.likeness,
    };
    return toLlr(this.score(reference, probe), side, this.model.calibration);
  }
}
