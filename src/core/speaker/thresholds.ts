import type { Policy } from '../policy/policy.js';
import type { CallerChangeRule } from './caller-change.js';
import type { DecisionThresholds, OperatingPointName } from './verification.js';

/**
 * Bayes decision: accepting costs costFalseAccept when the caller is a fraudster, refusing costs costFalseReject when not.
 * Accept when llr > log(costFalseAccept · priorFraud / (costFalseReject · (1 − priorFraud))); the rejection bound is its mirror,
 * so that saying "this is somebody else" asks for as much evidence as saying "this is the customer".
 */
export function thresholdsOf(
  policy: Policy,
  modelId: string,
  operatingPoint: OperatingPointName = policy.verification.operatingPoint,
): DecisionThresholds {
  const { priorFraud, operatingPoints } = policy.verification;
  const { costFalseAccept, costFalseReject } = operatingPoints[operatingPoint];
  const acceptLlr = Math.log((costFalseAccept * priorFraud) / (costFalseReject * (1 - priorFraud)));
  return {
    acceptLlr,
    rejectLlr: -acceptLlr,
    operatingPoint,
    costFalseAccept,
    costFalseReject,
    priorFraud,
    policyVersion: policy.version,
    modelId,
  };
}

/** A voice with another one beside it must be surer than any: the strict operating point, or the policy's own where that asks for more. */
export function mixedThresholdsOf(policy: Policy, modelId: string): DecisionThresholds {
  const own = thresholdsOf(policy, modelId);
  const strict = thresholdsOf(policy, modelId, 'strict');
  return strict.acceptLlr > own.acceptLlr ? strict : own;
}

export function callerChangeRuleOf({ verification: { callerChange } }: Policy): CallerChangeRule {
  return callerChange.operatingPoints[callerChange.operatingPoint];
}
