import { consentExample } from './consent-body.js';
import type { ConsentId } from '../../../core/ids.js';
import { standingPurposes, type ConsentEntry, type Purpose } from '../../../core/privacy/consent.js';
import type { ConsentEntryRow } from './consent-entry.entity.js';

/** One consent as given, and what has become of it. */
export interface ConsentView {
  readonly consentId: ConsentId;
  readonly state: 'granted' | 'expired' | 'withdrawn';
  readonly purposes: readonly Purpose[];
  /** Those of the purposes that no withdrawal has ended. */
  readonly standingPurposes: readonly Purpose[];
  /** Those that do not count any more, because a newer version of the notice asks again. */
  readonly askedAgain: readonly Purpose[];
  readonly noticeVersion: string;
  readonly noticeLanguage: string;
  readonly noticeText: string;
  readonly method: string;
  readonly givenAt: string;
  readonly validUntil: string | null;
  readonly withdrawnAt: string | null;
}

export function toConsentView(
  granted: ConsentEntryRow,
  rows: readonly ConsentEntryRow[],
  entries: readonly ConsentEntry[],
  nowMs: number,
): ConsentView {
  const standing = standingPurposes(granted.consentId, entries) ?? [];
  const entry = entries[rows.indexOf(granted)];
  const askedAgainFromMs = entry?.kind === 'granted' ? entry.askedAgainFromMs : undefined;
  const expired = granted.validUntil !== null && granted.validUntil.getTime() <= nowMs;
  return {
    consentId: granted.consentId,
    state: standing.length === 0 ? 'withdrawn' : expired ? 'expired' : 'granted',
    purposes: granted.purposes,
    standingPurposes: standing,
    askedAgain: granted.purposes.filter((purpose) => (askedAgainFromMs?.[purpose] ?? Infinity) <= nowMs),
    noticeVersion: granted.noticeVersion,
    noticeLanguage: granted.noticeLanguage,
    noticeText: granted.noticeText,
    method: granted.method,
    givenAt: granted.givenAt.toISOString(),
    validUntil: granted.validUntil?.toISOString() ?? null,
    withdrawnAt: standing.length === 0 ? lastWithdrawal(granted, rows) : null,
  };
}

/** Its own withdrawal, or that of another consent for the same purpose, which ended this one too. */
function lastWithdrawal(granted: ConsentEntryRow, rows: readonly ConsentEntryRow[]): string | null {
  const withdrawals = rows.slice(rows.indexOf(granted)).filter((row) => row.kind === 'withdrawn');
  const own = withdrawals.find((row) => row.consentId === granted.consentId);
  const other = withdrawals.find((row) => row.purposes.some((purpose) => granted.purposes.includes(purpose)));
  return (own ?? other)?.recordedAt.toISOString() ?? null;
}

/** Of every consent that was given, oldest first. */
export function toConsentViews(
  rows: readonly ConsentEntryRow[],
  entries: readonly ConsentEntry[],
  nowMs: number,
): ConsentView[] {
  return rows.filter((row) => row.kind === 'granted').map((row) => toConsentView(row, rows, entries, nowMs));
}

/** For the documentation. */
export const consentViewExample: ConsentView = {
  consentId: '5f0c8a56-90b4-4b8e-8f15-6a0a5f0e7d21' as ConsentId,
  state: 'granted',
  standingPurposes: consentExample.purposes,
  askedAgain: [],
  ...consentExample,
  givenAt: '2026-03-01T09:30:00.000Z',
  validUntil: null,
  withdrawnAt: null,
};
