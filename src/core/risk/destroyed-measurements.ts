import type { ConsentId } from '../ids.js';
import { endingOf, purposes, type ConsentEntry, type Purpose } from '../privacy/consent.js';
import { strongestFirst } from './assess-risk.js';
import { destroyedText } from './reason-texts.js';
import {
  groupOf,
  type DestroyedReason,
  type Destruction,
  type LeftOfEvidence,
  type MeasuredCode,
  type ReasonCode,
  type RiskReason,
  type WeighedReason,
} from './risk-reason.js';

/** Purposes that a person has said no to. */
export type Endings = Readonly<Partial<Record<Purpose, Destruction>>>;

/**
 * What each measurement was made for: without any of it, it goes. A match on a watchlist is made for screening, on whatever
 * ground the list has, so that a no to being verified leaves it and one to being screened does not.
 */
const madeFor: Readonly<Record<MeasuredCode, readonly Purpose[]>> = {
  'voice-mismatch': ['verification', 'enrolment'],
  'caller-changed': ['verification', 'enrolment'],
  'watchlist-match': ['fraud-watchlist'],
};

/** `verifiedUnder`: the consent that the voice was compared under, which a later one does not stand in for. */
export function endingsIn(ledger: readonly ConsentEntry[], verifiedUnder: ConsentId | null = null): Endings {
  const endings: Partial<Record<Purpose, Destruction>> = {};
  for (const purpose of purposes) {
    const ending = endingOf(purpose, ledger, purpose === 'verification' ? verifiedUnder : null);
    if (ending !== undefined) endings[purpose] = destructionBy(ending);
  }
  return endings;
}

const destructionBy = ({ kind, atMs }: { readonly kind: 'withdrawn' | 'objected'; readonly atMs: number }) =>
  ({
    because: kind === 'withdrawn' ? 'consent-withdrawn' : 'objected',
    at: new Date(atMs).toISOString(),
  }) as const satisfies Destruction;

/** What ended the right to keep what this reason measured; undefined when it may stay, or measured nothing. */
export function endingFor(code: ReasonCode, endings: Endings): Destruction | undefined {
  if (!(code in madeFor)) return undefined;
  const purpose = madeFor[code as MeasuredCode].find((one) => endings[one] !== undefined);
  return purpose && endings[purpose];
}

/** The reasons of a flag without what was measured; every reason stays, and what is no measurement stays as it was. `of`: of these alone. */
export function withoutMeasurements(
  reasons: readonly RiskReason[],
  endings: Endings,
  of?: readonly ReasonCode[],
): { readonly reasons: readonly RiskReason[]; readonly destroyed: readonly MeasuredCode[] } {
  const destroyed: MeasuredCode[] = [];
  const left = reasons.map((reason) => {
    const ending = of?.includes(reason.code) === false ? undefined : endingFor(reason.code, endings);
    const without = ending && !isDestroyed(reason) ? destroyedForm(reason, ending) : undefined;
    if (without !== undefined) destroyed.push(without.code);
    return without ?? reason;
  });
  return { reasons: left.sort(strongestFirst), destroyed };
}

export const isDestroyed = (reason: RiskReason): reason is DestroyedReason => 'destroyed' in reason;

function destroyedForm(reason: WeighedReason, destroyed: Destruction): DestroyedReason | undefined {
  if (reason.code === 'voice-mismatch') {
    const { verificationState } = reason.evidence;
    return formOf(reason.code, { verificationState }, destroyed);
  }
  if (reason.code === 'watchlist-match') {
    // Which voice of the list it was is what the measurement found.
    const { listId, listName } = reason.evidence;
    return formOf(reason.code, { listId, listName }, destroyed);
  }
  return reason.code === 'caller-changed' ? formOf(reason.code, {}, destroyed) : undefined;
}

function formOf<Code extends MeasuredCode>(
  code: Code,
  evidence: LeftOfEvidence[Code],
  destroyed: Destruction,
) {
  const text = destroyedText(code, evidence, destroyed);
  return { code, group: groupOf[code], weightNats: null, text, evidence, destroyed } as const;
}
