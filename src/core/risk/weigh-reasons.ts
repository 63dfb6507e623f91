import type { Policy } from '../policy/policy.js';
import type { RiskReason, Severity } from './risk-reason.js';
import type { ReasonGroup } from './signal.js';

type Weighable = Pick<RiskReason, 'group' | 'weightNats'>;

export interface WeighedRisk {
  readonly evidenceNats: number;
  /** Probability that this call is fraud, at the policy's prior. */
  readonly posteriorFraud: number;
  readonly expectedCost: number;
  readonly severity: Severity;
}

/** Bayes in log-odds: the center's own rate, plus what the evidence adds. */
export function weighReasons(
  reasons: readonly Weighable[],
  policy: Policy,
  /** What the voice says for the customer, in nats. */
  forCustomerNats = 0,
): WeighedRisk {
  const { priorFraud, operatingPoints } = policy.verification;
  const evidenceNats = combinedNats(reasons, policy.risk.dependentDiscount) - forCustomerNats;
  const posteriorFraud = logistic(Math.log(priorFraud / (1 - priorFraud)) + evidenceNats);
  const expectedCost = posteriorFraud * operatingPoints.standard.costFalseAccept;
  return { evidenceNats, posteriorFraud, expectedCost, severity: severityOf(expectedCost, policy) };
}

/** The strongest member of each group in full, the rest at the policy's discount: they may say the same thing twice. */
function combinedNats(reasons: readonly Weighable[], discount: number): number {
  const weightsOfGroup = new Map<ReasonGroup, number[]>();
  for (const { group, weightNats } of reasons) {
    // What it weighed is destroyed; the flag's severity, which never falls, is what is left of it.
    if (weightNats === null) continue;
    weightsOfGroup.set(group, [...(weightsOfGroup.get(group) ?? []), weightNats]);
  }
  const ofGroups = [...weightsOfGroup.values()].map((weights) => {
    const [strongest = 0, ...rest] = weights.sort((a, b) => b - a);
    return strongest + discount * sum(rest);
  });
  // Sorted, so that the order of the reasons never shows, not even in the last bit.
  return sum(ofGroups.sort((a, b) => b - a));
}

function severityOf(expectedCost: number, policy: Policy): Severity {
  const bounds = policy.risk.severityFromExpectedCost;
  if (expectedCost >= bounds.critical) return 'critical';
  if (expectedCost >= bounds.high) return 'high';
  if (expectedCost >= bounds.medium) return 'medium';
  return 'low';
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
