import type { ConsentId } from '../ids.js';

/** What a person can agree to, each by itself (docs/privacy-law.md, rule 1). */
export const purposes = ['verification', 'enrolment', 'fraud-watchlist'] as const;
export type Purpose = (typeof purposes)[number];

/** How somebody can say yes. */
export const consentMethods = ['read-by-agent', 'ivr-digit', 'web-form', 'signed-import'] as const;
export type ConsentMethod = (typeof consentMethods)[number];

/** One line of the consent ledger. Lines are only ever added; their order is the order in which they were recorded. */
export type ConsentEntry =
  | {
      readonly kind: 'granted';
      readonly consentId: ConsentId;
      readonly purposes: readonly Purpose[];
      readonly method: ConsentMethod;
      readonly givenAtMs: number;
      /** Null: until withdrawn. */
      readonly validUntilMs: number | null;
      /** From then on it does not count for the purpose: a new version of the notice asks again. */
      readonly askedAgainFromMs?: Readonly<Partial<Record<Purpose, number>>>;
    }
  | {
      readonly kind: 'withdrawn';
      readonly consentId: ConsentId;
      readonly purposes: readonly Purpose[];
      readonly atMs: number;
    }
  /** The person objected to the purpose or limited it; no consent has to have been given. */
  | { readonly kind: 'objected'; readonly purposes: readonly Purpose[]; readonly atMs: number };

export type ConsentState =
  | { readonly kind: 'granted'; readonly consentId: ConsentId; readonly validUntilMs: number | null }
  | { readonly kind: 'expired'; readonly consentId: ConsentId; readonly atMs: number }
  | { readonly kind: 'withdrawn'; readonly consentId: ConsentId; readonly atMs: number }
  | { readonly kind: 'objected'; readonly atMs: number }
  | { readonly kind: 'missing' };

type Granted = Extract<ConsentEntry, { kind: 'granted' }>;
export type Ending = Exclude<ConsentEntry, Granted>;

/**
 * Whether this purpose has consent now. A withdrawal is the person's word about a purpose, not about a record (GDPR Art. 7(3):
 * as easy as giving): it ends every grant for its purposes recorded before it, and only a grant recorded after it opens the
 * purpose again. Of several consents in force the one that lasts longest is named.
 */
export function consentFor(purpose: Purpose, ledger: readonly ConsentEntry[], nowMs: number): ConsentState {
  const standing = standingGrants(purpose, ledger);
  const inForce = standing.filter(
    (grant) => grant.givenAtMs <= nowMs && countsUntilMs(grant, purpose) > nowMs,
  );
  const granted = lastBy(inForce, (grant) => countsUntilMs(grant, purpose));
  if (granted !== undefined) {
    const untilMs = countsUntilMs(granted, purpose);
    return {
      kind: 'granted',
      consentId: granted.consentId,
      validUntilMs: Number.isFinite(untilMs) ? untilMs : null,
    };
  }
  // Asked again and not answered yet, which is neither a no nor an end that was agreed on.
  if (standing.some((grant) => grant.givenAtMs <= nowMs && endMs(grant) > nowMs)) return { kind: 'missing' };
  const expired = lastBy(
    standing.filter((grant) => endMs(grant) <= nowMs),
    endMs,
  );
  if (expired !== undefined) return { kind: 'expired', consentId: expired.consentId, atMs: endMs(expired) };
  const ending = ledger.findLast(
    (entry): entry is Ending => entry.kind !== 'granted' && entry.purposes.includes(purpose),
  );
  if (ending === undefined) return { kind: 'missing' };
  return ending.kind === 'withdrawn'
    ? { kind: 'withdrawn', consentId: ending.consentId, atMs: ending.atMs }
    : { kind: 'objected', atMs: ending.atMs };
}

/** The purposes of a consent that no withdrawal has ended yet; undefined when it was never given. */
export function standingPurposes(
  consentId: ConsentId,
  ledger: readonly ConsentEntry[],
): readonly Purpose[] | undefined {
  const grant = ledger.find(
    (entry): entry is Granted => entry.kind === 'granted' && entry.consentId === consentId,
  );
  return grant?.purposes.filter((purpose) => standingGrants(purpose, ledger).includes(grant));
}

/** When the last of a consent's purposes ended; null while one may still stand, or when it was never given. */
export function consentEndMs(consentId: ConsentId, ledger: readonly ConsentEntry[]): number | null {
  const at = ledger.findIndex((entry) => entry.kind === 'granted' && entry.consentId === consentId);
  const grant = ledger[at];
  if (grant?.kind !== 'granted') return null;
  const ends = grant.purposes.map((purpose) => {
    const withdrawal = ledger
      .slice(at + 1)
      .find(
        (entry): entry is Extract<ConsentEntry, { kind: 'withdrawn' }> =>
          entry.kind === 'withdrawn' && entry.purposes.includes(purpose),
      );
    return Math.min(endMs(grant), withdrawal?.atMs ?? Number.POSITIVE_INFINITY);
  });
  const lastMs = Math.max(...ends);
  return Number.isFinite(lastMs) ? lastMs : null;
}

/** Whether this very consent allows the purpose now. */
export function isInForce(
  consentId: ConsentId,
  purpose: Purpose,
  ledger: readonly ConsentEntry[],
  nowMs: number,
): boolean {
  return standingGrants(purpose, ledger).some(
    (grant) =>
      grant.consentId === consentId && grant.givenAtMs <= nowMs && countsUntilMs(grant, purpose) > nowMs,
  );
}

/**
 * The withdrawal or objection that ended the purpose; undefined while none has, or when the person has agreed again since. With
 * a consent: also the one that ended that consent, whatever was agreed to later.
 */
export function endingOf(
  purpose: Purpose,
  ledger: readonly ConsentEntry[],
  under: ConsentId | null = null,
): Ending | undefined {
  const endedAt = ledger.findLastIndex(
    (entry) => entry.kind !== 'granted' && entry.purposes.includes(purpose),
  );
  const ending = ledger[endedAt];
  if (ending === undefined || ending.kind === 'granted') return undefined;
  const endedThis = ledger
    .slice(0, endedAt)
    .some((entry) => entry.kind === 'granted' && entry.consentId === under);
  return endedThis || standingGrants(purpose, ledger).length === 0 ? ending : undefined;
}

/** Grants for a purpose recorded after its last withdrawal or objection. */
function standingGrants(purpose: Purpose, ledger: readonly ConsentEntry[]): Granted[] {
  const endedAt = ledger.findLastIndex(
    (entry) => entry.kind !== 'granted' && entry.purposes.includes(purpose),
  );
  return ledger
    .slice(endedAt + 1)
    .filter((entry): entry is Granted => entry.kind === 'granted' && entry.purposes.includes(purpose));
}

function endMs(grant: Granted): number {
  return grant.validUntilMs ?? Number.POSITIVE_INFINITY;
}

function countsUntilMs(grant: Granted, purpose: Purpose): number {
  return Math.min(endMs(grant), grant.askedAgainFromMs?.[purpose] ?? Number.POSITIVE_INFINITY);
}

/** The greatest; of equals the one recorded last. */
function lastBy<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || measure(item) >= measure(best) ? item : best),
    undefined,
  );
}
