import { consentFor, type ConsentEntry, type ConsentState } from '../privacy/consent.js';
import { gateFor } from '../privacy/gate.js';
import { withdrawalRule } from '../privacy/packs/basis.js';
import type { Ruling } from '../privacy/packs/pack.js';
import type { Subject } from '../privacy/subject.js';
import { consentRule, coversWithoutConsent, type ListBasis, type Listed } from './list-basis.js';

/** Which calls a list is held against: those whose voice is processed for verification anyway, or every call with a named customer. */
export const reaches = ['verified-calls', 'every-claimed-call'] as const;
export type Reach = (typeof reaches)[number];

export interface ScreenedList extends ListBasis {
  readonly reach: Reach;
}

export interface Caller extends Subject {
  readonly residence: string | null;
  readonly ledger: readonly ConsentEntry[];
}

export type ScreeningDecision =
  | { readonly kind: 'open'; readonly untilMs: number; readonly decidedBy: Ruling }
  | { readonly kind: 'closed'; readonly reason: 'basis-review-overdue' }
  | { readonly kind: 'closed'; readonly reason: ScreeningClosedReason; readonly decidedBy: Ruling };

export type ScreeningClosedReason =
  | 'caller-withdrew'
  | 'consent-missing'
  | 'consent-expired'
  | 'consent-method-not-enough'
  | 'consent-to-be-renewed';

const saidNo = ({ kind }: ConsentState): boolean => kind === 'withdrawn' || kind === 'objected';

/**
 * Whether a call may be held against a list: a purpose of its own, beside verification (privacy-law.md, rule 1). Consent to
 * verification opens nothing here. Who has withdrawn consent to verification or to screening, or objected to either, is not screened on any ground:
 * one sentence to the agent stops everything that is done with the voice.
 */
export function screeningGate(list: ListBasis, caller: Caller, nowMs: number): ScreeningDecision {
  if (list.reviewByMs <= nowMs) return { kind: 'closed', reason: 'basis-review-overdue' };
  const withdrew = (['fraud-watchlist', 'verification'] as const).some((purpose) =>
    saidNo(consentFor(purpose, caller.ledger, nowMs)),
  );
  if (withdrew) return { kind: 'closed', reason: 'caller-withdrew', decidedBy: withdrawalRule(caller.packs) };
  const covered = coversWithoutConsent(list, caller);
  if (covered !== undefined) return { kind: 'open', untilMs: list.reviewByMs, decidedBy: covered };
  const own = gateFor('fraud-watchlist', caller.ledger, caller, nowMs);
  if (own.kind === 'open') {
    const untilMs = Math.min(list.reviewByMs, own.validUntilMs ?? Number.POSITIVE_INFINITY);
    return { kind: 'open', untilMs, decidedBy: own.decidedBy };
  }
  const hasSaidNo = own.reason === 'consent-withdrawn' || own.reason === 'objected';
  const reason = hasSaidNo ? 'caller-withdrew' : own.reason;
  const isMissing = reason === 'consent-missing';
  return { kind: 'closed', reason, decidedBy: isMissing ? consentRule(list, caller) : own.decidedBy };
}

/** What a caller may be screened against now, and whether a voice may be analysed for that alone. */
export interface ScreeningAdmission<ListId> {
  readonly lists: readonly ListId[];
  readonly mayAnalyse: boolean;
  /** Past it the gate must be asked again. */
  readonly untilMs: number;
}

export function admit<ListId>(
  lists: readonly (ScreenedList & { readonly listId: ListId })[],
  caller: Caller,
  nowMs: number,
): ScreeningAdmission<ListId> {
  const open = lists.flatMap((list) => {
    const decision = screeningGate(list, caller, nowMs);
    return decision.kind === 'open' ? [{ ...list, untilMs: decision.untilMs }] : [];
  });
  return {
    lists: open.map(({ listId }) => listId),
    mayAnalyse: open.some(({ reach }) => reach === 'every-claimed-call'),
    untilMs: Math.min(Number.POSITIVE_INFINITY, ...open.map(({ untilMs }) => untilMs)),
  };
}

export type EntryRefusal =
  | { readonly kind: 'basis-review-overdue' }
  | { readonly kind: 'release-missing'; readonly decidedBy: Ruling };

/** Whether a person's voice may be put on a list: covered by its ground, or with a release of their own on file. */
export function entryRefusal(
  list: ListBasis,
  person: Listed & { readonly releaseReference: string | null },
  nowMs: number,
): EntryRefusal | undefined {
  if (list.reviewByMs <= nowMs) return { kind: 'basis-review-overdue' };
  if (person.releaseReference !== null || coversWithoutConsent(list, person) !== undefined) return undefined;
  return { kind: 'release-missing', decidedBy: consentRule(list, person) };
}
