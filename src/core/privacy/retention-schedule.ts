import type { PolicyDocument } from '../policy/policy.js';
import { consentEndMs, type ConsentEntry } from './consent.js';
import type { ConsentId } from '../ids.js';
import type { RuleName, Ruling } from './packs/pack.js';
import { dayMs } from './packs/period.js';
import type { ExpiryReason } from './retention.js';
import { houseRule } from './packs/strictest.js';

export type DueReason =
  /** The row has borne its own date since it was made. */
  | 'own-date'
  | ExpiryReason
  | 'days-after-last-change'
  | 'days-after-the-call'
  | 'days-after-its-end'
  | 'days-after-consent-ended';

export interface Due {
  readonly atMs: number;
  readonly reason: DueReason;
  readonly decidedBy: Ruling;
}

type RetentionPolicy = PolicyDocument['retention'];

/** What has to be known of a row to tell when it must be gone. */
export type RowFacts =
  | {
      readonly kind: 'own-date';
      readonly expiresMs: number;
      /** Null: nothing but its date. */
      readonly reason: ExpiryReason | null;
      readonly decidedBy: Ruling | null;
    }
  | { readonly kind: 'flag'; readonly changedMs: number }
  /** Of its flags the one changed last; null: it has none. */
  | { readonly kind: 'call'; readonly endedMs: number; readonly flagChangedMs: number | null }
  /** What is left of something that has ended. */
  | { readonly kind: 'record'; readonly endedMs: number }
  | {
      readonly kind: 'consent-proof';
      readonly consentId: ConsentId;
      readonly ledger: readonly ConsentEntry[];
    }
  /** Nothing refers to the customer any more. */
  | { readonly kind: 'customer'; readonly lastInteractionMs: number };

/** When a row must be gone, and why; null: no date is known yet. */
export function dueOf(row: RowFacts, policy: RetentionPolicy): Due | null {
  switch (row.kind) {
    case 'own-date':
      return {
        atMs: row.expiresMs,
        reason: row.reason ?? 'own-date',
        decidedBy: row.decidedBy ?? houseRule('retention', 'Timbre rule 5: no longer than its purpose'),
      };
    case 'flag':
      return after(row.changedMs, policy.flagDays, 'days-after-last-change', 'flagDays');
    case 'call':
      return callDue(row.endedMs, row.flagChangedMs, policy);
    case 'record':
      return after(row.endedMs, policy.recordDays, 'days-after-its-end', 'recordDays');
    case 'consent-proof': {
      const endedMs = consentEndMs(row.consentId, row.ledger);
      return endedMs === null
        ? null
        : after(endedMs, policy.proofDays, 'days-after-consent-ended', 'proofDays', 'proof');
    }
    case 'customer':
      return after(row.lastInteractionMs, policy.customerDays, 'days-after-last-interaction', 'customerDays');
  }
}

/** A call is evidence for its flag, and kept as long. */
function callDue(endedMs: number, flagChangedMs: number | null, policy: RetentionPolicy): Due {
  const own = after(endedMs, policy.callDays, 'days-after-the-call', 'callDays');
  if (flagChangedMs === null) return own;
  const flag = after(flagChangedMs, policy.flagDays, 'days-after-last-change', 'flagDays');
  return flag.atMs > own.atMs ? flag : own;
}

function after(
  fromMs: number,
  days: number,
  reason: DueReason,
  field: keyof RetentionPolicy,
  rule: RuleName = 'retention',
): Due {
  return {
    atMs: fromMs + days * dayMs,
    reason,
    decidedBy: { packId: 'policy', rule, article: `retention.${field}` },
  };
}

/** A sweep at a time before one that was made already: the clock was set back by this much; 0: it was not. */
export function setBackMs(lastAsOfMs: number | null, nowMs: number): number {
  return lastAsOfMs === null ? 0 : Math.max(0, lastAsOfMs - nowMs);
}

/** Sweeps are late when none was finished within two intervals: one was missed. */
export function isLate(lastFinishedMs: number, nowMs: number, intervalMs: number): boolean {
  return nowMs - lastFinishedMs > 2 * intervalMs;
}
