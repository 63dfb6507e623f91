import { consentFor, type ConsentEntry, type ConsentState } from '../privacy/consent.js';
import { coversWithoutConsent, type ListBasis } from './list-basis.js';

/** Which calls a list is held against: those whose voice is processed for verification anyway, or every call with a named customer. */
export const reaches = ['verified-calls', 'every-claimed-call'] as const;
export type Reach = (typeof reaches)[number];

export interface ScreenedList extends ListBasis {
  readonly reach: Reach;
}

export interface Caller {
  readonly residence: string | null;
  readonly ledger: readonly ConsentEntry[];
}

export type ScreeningDecision =
  | { readonly kind: 'open'; readonly untilMs: number }
  | { readonly kind: 'closed'; readonly reason: ScreeningClosedReason };

export type ScreeningClosedReason =
  'basis-review-overdue' | 'caller-withdrew' | 'consent-missing' | 'consent-expired';

const saidNo = ({ kind }: ConsentState): boolean => kind === 'withdrawn' || kind === 'objected';

/**
 * Whether a call may be held against a list: a purpose of its own, beside verification (privacy-law.md, rule 1). Consent to
 * verification opens nothing here. Who has withdrawn consent to verification or to screening, or objected to either, is not screened on any ground:
 * one sentence to the agent stops everything that is done with the voice.
 */
export function screeningGate(list: ListBasis, caller: Caller, nowMs: number): ScreeningDecision {
  if (list.reviewByMs <= nowMs) return { kind: 'closed', reason: 'basis-review-overdue' };
  const own = consentFor('fraud-watchlist', caller.ledger, nowMs);
  if (saidNo(own) || saidNo(consentFor('verification', caller.ledger, nowMs)))
    return { kind: 'closed', reason: 'caller-withdrew' };
  if (coversWithoutConsent(list, caller.residence)) return { kind: 'open', untilMs: list.reviewByMs };
  if (own.kind === 'granted')
    return { kind: 'open', untilMs: Math.min(list.reviewByMs, own.validUntilMs ?? Number.POSITIVE_INFINITY) };
  return { kind: 'closed', reason: own.kind === 'expired' ? 'consent-expired' : 'consent-missing' };
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

export type EntryRefusal = 'basis-review-overdue' | 'release-missing';

/** Whether a person's voice may be put on a list: covered by its ground, or with a release of their own on file. */
export function entryRefusal(
  list: ListBasis,
  person: { readonly residence: string | null; readonly releaseReference: string | null },
  nowMs: number,
): EntryRefusal | undefined {
  if (list.reviewByMs <= nowMs) return 'basis-review-overdue';
  if (person.releaseReference !== null || coversWithoutConsent(list, person.residence)) return undefined;
  return 'release-missing';
}
