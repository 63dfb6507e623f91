import type { Policy } from '../policy/policy.js';
import type { EnrolmentRefusal, EnrolmentRefusalCode } from './enrolment.js';
import { Scorer, type ScoringModel } from './scoring.js';
import { thresholdsOf } from './thresholds.js';

/** Why a new voiceprint may not take the place of the one in force before a second person has said so. */
export type ReplacementRefusalCode = Extract<
  EnrolmentRefusalCode,
  'unlike-voiceprint' | 'voiceprint-of-earlier-model' | 'call-under-way' | 'flag-open'
>;
export type ReplacementRefusal = EnrolmentRefusal & { readonly code: ReplacementRefusalCode };

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
): ReplacementRefusal | null {
  const scorer = new Scorer(model, ownMeanVoice ?? model.centre);
  const reference = scorer.ready(inForce.voiceprint, inForce.netSpeechMs);
  const probe = scorer.ready(anew.voiceprint, anew.netSpeechMs);
  const neededLlr = Math.max(thresholdsOf(policy, model.id).acceptLlr, policy.enrolment.minAgreementLlr);
  if (reference && probe && scorer.llr(reference, probe, null) >= neededLlr) return null;
  return unlike;
}

const tooMany =
  'Several enrolments of this customer wait for a decision already: have them released or discarded first.';

const unlike: ReplacementRefusal = {
  code: 'unlike-voiceprint',
  detail: `The speech does not sound like the voiceprint in force, which stays. ${tooMany}`,
};

/** A voiceprint of an earlier model that is still compared with: no speech can be held against it here. */
export const notComparable: ReplacementRefusal = {
  code: 'voiceprint-of-earlier-model',
  detail:
    'The voiceprint in force is of an earlier model and stays: the customer’s next accepted calls carry it over. ' +
    tooMany,
};

/** However alike: nothing is replaced while somebody may be trying to get in. */
export const blocked: Readonly<Record<'call-under-way' | 'flag-open', ReplacementRefusal>> = {
  'call-under-way': {
    code: 'call-under-way',
    detail: `A call of the customer is under way: the voiceprint in force stays. ${tooMany}`,
  },
  'flag-open': {
    code: 'flag-open',
    detail: `A grave flag of the customer is open: the voiceprint in force stays. ${tooMany}`,
  },
};
