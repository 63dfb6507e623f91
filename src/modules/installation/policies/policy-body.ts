import { operatingPointNames, policySchema, type PolicyDocument } from '../../../core/policy/policy.js';
import { thresholdsOf } from '../../../core/speaker/thresholds.js';

/** A policy as a tenant may set it: each number in range, and the numbers in the order that their names promise. */
export const policyBodySchema = policySchema.superRefine((policy, context) => {
  const say = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  operatingPointNames.forEach((name, index) => {
    const path = ['verification', 'operatingPoints', name];
    const stricterThan = operatingPointNames[index - 1];
    const bound = acceptLlr(policy, name);
    if (bound <= 0) {
      // The rejection bound is the mirror of the acceptance bound: below zero the two would overlap.
      say(path, 'costs and priorFraud that put the acceptance bound above 0 nats');
    } else if (stricterThan !== undefined && bound < acceptLlr(policy, stricterThan)) {
      say(path, `an acceptance bound no lower than that of ${stricterThan}`);
    }
  });
  const { low, medium, high, critical } = policy.risk.severityFromExpectedCost;
  if (low > medium) say(['risk', 'severityFromExpectedCost', 'medium'], 'a bound no lower than that of low');
  if (medium > high)
    say(['risk', 'severityFromExpectedCost', 'high'], 'a bound no lower than that of medium');
  if (high > critical)
    say(['risk', 'severityFromExpectedCost', 'critical'], 'a bound no lower than that of high');
});

function acceptLlr(policy: PolicyDocument, name: (typeof operatingPointNames)[number]): number {
  return thresholdsOf({ ...policy, version: 0 }, '', name).acceptLlr;
}
