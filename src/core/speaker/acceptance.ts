import { operatingPointNames } from '../policy/policy.js';
import { llrEdges, thresholdFor, type OwnCallerCounts } from './own-callers.js';
import type { OperatingPointName } from './verification.js';

export type AcceptLlrs = Readonly<Record<OperatingPointName, number>>;

/** What each operating point promises: so many other callers are falsely accepted (docs/decisions.md). */
export const statedRates: AcceptRates = { convenience: 0.01, standard: 0.003, strict: 0.001 };
type AcceptRates = Readonly<Record<OperatingPointName, number>>;

/** Below these llr nobody is accepted, whatever the policy's costs say. */
export interface AcceptanceBounds {
  readonly acceptLlr: AcceptLlrs;
  /** Whose strangers they hold for: the tenant's own callers', or those of the calls that the model was tried on. */
  readonly ownCallers: 'measured' | 'not-yet-measured';
}

/**
 * From what is counted of a tenant's own callers, the llr at which each operating point accepts as many strangers as it says; never
 * below `safe`. Where too little was counted to tell so small a share from none, it is where no stranger was accepted at all.
 */
export function measuredBounds(counts: OwnCallerCounts, safe: AcceptLlrs): AcceptLlrs {
  return acceptLlrs((point) => {
    const { pairs } = counts;
    const rate = statedRates[point];
    const found = rate * pairs >= 1 ? thresholdFor(counts, rate) : thresholdFor(counts, 0);
    return Math.max(safe[point], found ?? highest);
  });
}

const highest = llrEdges.at(-1) ?? 0;

export function acceptLlrs(of: (point: OperatingPointName) => number): AcceptLlrs {
  const [convenience, standard, strict] = operatingPointNames.map(of) as [number, number, number];
  return { convenience, standard, strict };
}
