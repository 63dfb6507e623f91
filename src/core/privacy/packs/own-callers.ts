import type { LegalPack, Ruling } from './pack.js';
import { rulingOf } from './registry.js';
import { houseRule } from './strictest.js';

export interface MeasurementJudgement {
  readonly mayBeMeasured: boolean;
  readonly decidedBy: Ruling;
}

/** Whether a voice that may be verified may count towards how often the check is wrong: one law that says no is enough. */
export function judgeMeasurement(packs: readonly LegalPack[]): MeasurementJudgement {
  const against = packs.find(({ rules }) => !rules.ownCallers.mayBeMeasured);
  const deciding = against ?? packs[0];
  return {
    mayBeMeasured: against === undefined,
    decidedBy:
      deciding === undefined
        ? houseRule('ownCallers', 'Timbre rule 1: no biometric before the gate')
        : rulingOf(deciding, 'ownCallers', deciding.rules.ownCallers.article),
  };
}
