import type { TokenId } from '../../../core/ids.js';
import type { FactDetails, Fact } from '../../installation/facts/fact.js';
import type { FlagChangeRecord } from './flag-change.entity.js';
import type { Flag } from './flag.entity.js';

/** What the audit log says of a flag's change: states, severities and codes; never a note or who it was given to by name. */
export function flagEvent(flag: Flag, change: FlagChangeRecord, by: TokenId | null): Fact {
  const { flagId, callId } = flag;
  const subject = { kind: 'flag', id: flagId } as const;
  return { action: `flag-${change.kind}`, by, subject, callId, details: detailsOf(flag, change) };
}

function detailsOf({ customerId }: Flag, change: FlagChangeRecord): FactDetails {
  switch (change.kind) {
    case 'raised': {
      const { severity, reasons, policyVersion } = change;
      return { customerId, severity, reasons, policyVersion };
    }
    case 'grew': {
      const { added, strengthened, severity, state, policyVersion } = change;
      return {
        customerId,
        added,
        strengthened,
        policyVersion,
        ...(severity && { severity: severity.to }),
        ...(state && { state: state.to }),
      };
    }
    case 'customer-named':
      return { customerId: change.customerId };
    case 'measurements-destroyed': {
      const { reasons, because } = change;
      return { customerId, reasons, because };
    }
    case 'reviewed': {
      const { state, assignee, note } = change;
      return {
        customerId,
        ...(state && { from: state.from, to: state.to }),
        reassigned: assignee !== undefined,
        noted: note !== undefined,
      };
    }
  }
}
