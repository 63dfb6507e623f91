import type { Policy } from '../policy/policy.js';
import { strongestFirst } from './assess-risk.js';
import type { ReasonCode, RiskReason, WeighedReason } from './risk-reason.js';
import { mergeSensitiveActions } from './sensitive-action.js';

/** Evidence that moves with every second of speech. */
const voiceCodes: ReadonlySet<ReasonCode> = new Set(['voice-mismatch', 'watchlist-match']);

export interface MergedReasons {
  readonly reasons: readonly RiskReason[];
  readonly added: readonly ReasonCode[];
  readonly strengthened: readonly ReasonCode[];
  /** Something happened that nobody had seen: a new reason or a new action, not only more of the same voice. */
  readonly newEvidence: boolean;
}

/** One reason per code, the stronger evidence of the two; what was once seen never falls off a flag again. */
export function mergeReasons(
  onFlag: readonly RiskReason[],
  fresh: readonly WeighedReason[],
  { growthNats }: Policy['risk'],
): MergedReasons {
  const merged = new Map<ReasonCode, RiskReason>(onFlag.map((reason) => [reason.code, reason]));
  const added: ReasonCode[] = [];
  const strengthened: ReasonCode[] = [];
  for (const reason of fresh) {
    const known = merged.get(reason.code);
    const stronger = known === undefined ? reason : strongerOf(known, reason, growthNats);
    if (known === undefined) added.push(reason.code);
    else if (stronger !== known) strengthened.push(reason.code);
    merged.set(reason.code, stronger);
  }
  return {
    reasons: [...merged.values()].sort(strongestFirst),
    added,
    strengthened,
    newEvidence: added.length > 0 || strengthened.some((code) => !voiceCodes.has(code)),
  };
}

function strongerOf(known: RiskReason, fresh: WeighedReason, growthNats: number): RiskReason {
  // Measured anew, under consent that was given anew.
  if (known.weightNats === null) return fresh;
  if (known.code === 'sensitive-action' && fresh.code === 'sensitive-action')
    return mergeSensitiveActions(known, fresh);
  // The llr moves with every second of speech; everything else comes in whole events.
  const least = voiceCodes.has(known.code) ? known.weightNats + growthNats : known.weightNats;
  return fresh.weightNats > least ? fresh : known;
}
