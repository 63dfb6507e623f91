import type { Policy } from '../policy/policy.js';
import type { EnrolmentRefusal } from './enrolment.js';
import { Scorer, type ScoringModel } from './scoring.js';
import { thresholdsOf } from './thresholds.js';

interface EnrolledVoice {
  readonly voiceprint: Float32Array;
  readonly netSpeechMs: number;
}

/**
 * Why a new voiceprint may not take the place of the one in force; null: it may. It must be as much like it as a caller must be
 * to be accepted, and as much as the parts of one enrolment must be alike: otherwise whoever was just rejected in a call would
 * be accepted after enrolling in the customer's name.
 */
export function replacementRefusal(
  inForce: EnrolledVoice,
  anew: EnrolledVoice,
  policy: Policy,
  model: ScoringModel,
  ownMeanVoice: Float32Array | undefined,
): EnrolmentRefusal | null {
  const scorer = new Scorer(model, ownMeanVoice ?? model.centre);
  const reference = scorer.ready(inForce.voiceprint, inForce.netSpeechMs);
  const probe = scorer.ready(anew.voiceprint, anew.netSpeechMs);
  const neededLlr = Math.max(thresholdsOf(policy, model.id).acceptLlr, policy.enrolment.minAgreementLlr);
  if (reference && probe && scorer.llr(reference, probe, null) >= neededLlr) return null;
  return {
    code: 'unlike-voiceprint',
    detail:
      'The speech does not sound like the voiceprint in force, which stays. After other checks of who the customer is, revoke that ' +
      'voiceprint and enrol again.',
  };
}

/** A voiceprint of an earlier model that is still compared with: no speech can be held against it here. */
export const notComparable: EnrolmentRefusal = {
  code: 'voiceprint-of-earlier-model',
  detail:
    'The voiceprint in force is of an earlier model and stays: the customer’s next accepted calls carry it over. To enrol from ' +
    'this speech, revoke that voiceprint first, after other checks of who the customer is.',
};
