import type { Policy } from '../policy/policy.js';
import type { AcceptanceBounds } from './acceptance.js';
import type { CallerChangeRule } from './caller-change.js';
import type { DecisionThresholds, OperatingPointName } from './verification.js';

/**
 * Bayes decision: accepting costs costFalseAccept when the caller is a fraudster, refusing costs costFalseReject when not.
 * Accept when llr > log(costFalseAccept · priorFraud / (costFalseReject · (1 − priorFraud))); the rejection bound is its mirror,
 * so that saying "this is somebody else" asks for as much evidence as saying "this is the customer". `bounds`: where costs ask for
 * less than the stated rate of strangers asks for, that counts; for the rejection the costs alone do.
 */
export function thresholdsOf(
  policy: Policy,
  modelId: string,
  operatingPoint: OperatingPointName = policy.verification.operatingPoint,
  bounds?: AcceptanceBounds,
): DecisionThresholds {
  const { priorFraud, operatingPoints } = policy.verification;
  const { costFalseAccept, costFalseReject } = operatingPoints[operatingPoint];
  const byCost = Math.log((costFalseAccept * priorFraud) / (costFalseReject * (1 - priorFraud)));
  return {
    acceptLlr: Math.max(byCost, bounds?.acceptLlr[operatingPoint] ?? byCost),
    rejectLlr: -byCost,
    operatingPoint,
    costFalseAccept,
    costFalseReject,
    priorFraud,
    policyVersion: policy.version,
    modelId,
    ownCallers: bounds?.ownCallers ?? 'not-yet-measured',
  };
}

/** A voice with another one beside it must be surer than any: the strict operating point, or the policy's own where that asks for more. */
export function mixedThresholdsOf(
  policy: Policy,
  modelId: string,
  bounds?: AcceptanceBounds,
): DecisionThresholds {
  const own = thresholdsOf(policy, modelId, undefined, bounds);
  const strict = thresholdsOf(policy, modelId, 'strict', bounds);
  return strict.acceptLlr > own.acceptLlr ? strict : own;
}

export function callerChangeRuleOf({ verification: { callerChange } }: Policy): CallerChangeRule {
  return callerChange.operatingPoints[callerChange.operatingPoint];
}
