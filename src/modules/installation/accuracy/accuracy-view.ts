import { operatingPointNames, type Policy } from '../../../core/policy/policy.js';
import { statedRates, type AcceptanceBounds } from '../../../core/speaker/acceptance.js';
import {
  enoughCallers,
  enoughPairs,
  strangersAccepted,
  type OwnCallerCounts,
} from '../../../core/speaker/own-callers.js';
import { thresholdsOf } from '../../../core/speaker/thresholds.js';
import type { OperatingPointName } from '../../../core/speaker/verification.js';

export interface OperatingPointView {
  readonly operatingPoint: OperatingPointName;
  readonly inUse: boolean;
  readonly acceptLlr: number;
  readonly statedFalseAcceptRate: number;
  /** Strangers that were accepted at it among your own callers, with the exact 95 % interval by caller; null: too few to say. */
  readonly falseAcceptRate: { readonly share: number; readonly low: number; readonly high: number } | null;
}

export interface AccuracyView {
  readonly modelId: string;
  /** Null: the model's own mean voice. */
  readonly meanVoiceVersion: number | null;
  readonly ownCallers: 'measured' | 'not-yet-measured';
  readonly text: string;
  readonly since: string | null;
  readonly callers: number;
  readonly neededCallers: number;
  readonly pairs: number;
  readonly neededPairs: number;
  /** Calls that ended accepted, which are compared with the caller's own voiceprint. */
  readonly acceptedCalls: number;
  readonly operatingPoints: readonly OperatingPointView[];
}

export interface Accuracy {
  readonly policy: Policy;
  readonly modelId: string;
  readonly meanVoiceVersion: number | null;
  readonly counts: (OwnCallerCounts & { readonly since: Date }) | null;
  readonly bounds: AcceptanceBounds | undefined;
}

export function toAccuracyView({
  policy,
  modelId,
  meanVoiceVersion,
  counts,
  bounds,
}: Accuracy): AccuracyView {
  const { ownCallers, operatingPoint: inUse } = thresholdsOf(policy, modelId, undefined, bounds);
  return {
    modelId,
    meanVoiceVersion,
    ownCallers,
    text: ownCallers === 'measured' ? 'measured on your callers' : 'not yet measured on your callers',
    since: counts?.since.toISOString() ?? null,
    callers: counts?.callers ?? 0,
    neededCallers: enoughCallers,
    pairs: counts?.pairs ?? 0,
    neededPairs: enoughPairs,
    acceptedCalls: counts?.own ?? 0,
    operatingPoints: operatingPointNames.map((operatingPoint) => {
      const { acceptLlr } = thresholdsOf(policy, modelId, operatingPoint, bounds);
      const accepted = ownCallers === 'measured' && counts ? strangersAccepted(counts, acceptLlr) : undefined;
      return {
        operatingPoint,
        inUse: operatingPoint === inUse,
        acceptLlr,
        statedFalseAcceptRate: statedRates[operatingPoint],
        falseAcceptRate: accepted ? { share: accepted.share, low: accepted.low, high: accepted.high } : null,
      };
    }),
  };
}
