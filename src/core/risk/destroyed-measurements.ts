import type { ConsentId } from '../ids.js';
import { endingOf, purposes, type ConsentEntry, type Purpose } from '../privacy/consent.js';
import { strongestFirst } from './assess-risk.js';
import {
  signalOf,
  type DestroyedReason,
  type Destruction,
  type MeasuredCode,
  type ReasonCode,
  type RiskReason,
  type WeighedReason,
} from './risk-reason.js';
import type { Measured, ReasonGroup } from './signal.js';

/** Purposes that a person has said no to. */
export type Endings = Readonly<Partial<Record<Purpose, Destruction>>>;

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
  const purpose = signalOf[code].measured?.madeFor.find((one) => endings[one] !== undefined);
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
  if (reason.code === 'voice-mismatch') return formOf(signalOf[reason.code], reason.evidence, destroyed);
  if (reason.code === 'watchlist-match') return formOf(signalOf[reason.code], reason.evidence, destroyed);
  if (reason.code === 'caller-changed') return formOf(signalOf[reason.code], reason.evidence, destroyed);
  return undefined;
}

function formOf<Code extends MeasuredCode, Evidence, Left>(
  signal: { readonly code: Code; readonly group: ReasonGroup; readonly measured: Measured<Evidence, Left> },
  measured: Evidence,
  destroyed: Destruction,
) {
  const { code, group } = signal;
  const evidence = signal.measured.left(measured);
  const text = destroyedText(signal.measured.leftText(evidence), destroyed);
  return { code, group, weightNats: null, text, evidence, destroyed } as const;
}

const wordOf: Readonly<Record<Destruction['because'], string>> = {
  'consent-withdrawn': 'consent was withdrawn',
  objected: 'the customer objected',
};

/** What is still said of a voice when nothing of it may be kept any more. */
function destroyedText(found: string, { because, at }: Destruction): string {
  return `${found}; what was measured was destroyed when ${wordOf[because]} at ${at}.`;
}
