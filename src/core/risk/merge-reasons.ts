import type { Policy } from '../policy/policy.js';
import { strongestFirst } from './assess-risk.js';
import {
  signalOf,
  type ReasonCode,
  type ReasonOf,
  type RiskReason,
  type WeighedReason,
} from './risk-reason.js';
import { mergedActions, sensitiveAction } from './signals/sensitive-action.js';

/** Evidence that moves with every second of speech. */
const movesWithSpeech = (code: ReasonCode): boolean => signalOf[code].measured?.movesWithSpeech === true;

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
    newEvidence: added.length > 0 || strengthened.some((code) => !movesWithSpeech(code)),
  };
}

function strongerOf(known: RiskReason, fresh: WeighedReason, growthNats: number): RiskReason {
  // Measured anew, under consent that was given anew.
  if (known.weightNats === null) return fresh;
  if (known.code === 'sensitive-action' && fresh.code === 'sensitive-action')
    return withActionsOf(known, fresh);
  // The llr moves with every second of speech; everything else comes in whole events.
  const least = movesWithSpeech(known.code) ? known.weightNats + growthNats : known.weightNats;
  return fresh.weightNats > least ? fresh : known;
}

function withActionsOf(
  known: ReasonOf<'sensitive-action'>,
  fresh: ReasonOf<'sensitive-action'>,
): ReasonOf<'sensitive-action'> {
  const merged = mergedActions(known, fresh);
  return merged === undefined ? known : { ...known, ...merged, text: sensitiveAction.text(merged.evidence) };
}
