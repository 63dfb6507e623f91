import { consentFor, type ConsentEntry } from './consent.js';
import { asGiven } from './notices.js';

/** `model-retired` comes from outside this table: nothing here knows which models are served. */
export type ExpiryReason = 'consent-ends' | 'days-after-last-interaction' | 'model-retired';

export interface Expiry {
  readonly atMs: number;
  readonly reason: ExpiryReason;
}

interface RetentionInput {
  readonly customer: { readonly lastInteractionMs: number };
  readonly policy: { readonly voiceprintDaysAfterLastInteraction: number };
  readonly ledger: readonly ConsentEntry[];
  readonly nowMs: number;
}

export const DAY_MS = 86_400_000;

/**
 * One line per ground for ending; the earliest counts. Undefined: sets no end. Laws are further lines
 * (shared/design/privacy-law.md, row "keep no longer than").
 */
const limits: readonly {
  readonly reason: ExpiryReason;
  readonly dueMs: (input: RetentionInput) => number | undefined;
}[] = [
  // The consent to keep a voiceprint. Without one (never given, withdrawn, run out) it is due at once.
  { reason: 'consent-ends', dueMs: ({ ledger, nowMs }) => endOf('enrolment', ledger, nowMs) ?? nowMs },
  // The consent to use it: a voiceprint that may no longer be used has met its purpose (GDPR Art. 5(1)(e)).
  { reason: 'consent-ends', dueMs: ({ ledger, nowMs }) => endOf('verification', ledger, nowMs) },
  {
    reason: 'days-after-last-interaction',
    dueMs: ({ customer, policy }) =>
      customer.lastInteractionMs + policy.voiceprintDaysAfterLastInteraction * DAY_MS,
  },
];

/** When a voiceprint of this customer must be gone, and why. */
export function voiceprintExpiry(input: RetentionInput): Expiry {
  return limits
    .map(({ reason, dueMs }) => ({ reason, atMs: dueMs(input) ?? Number.POSITIVE_INFINITY }))
    .reduce((earliest, limit) => (limit.atMs < earliest.atMs ? limit : earliest));
}

/** Undefined when the purpose was never consented to; infinite when consent has no end. */
function endOf(
  purpose: 'enrolment' | 'verification',
  ledger: readonly ConsentEntry[],
  nowMs: number,
): number | undefined {
  const consent = consentFor(purpose, asGiven(ledger), nowMs);
  switch (consent.kind) {
    case 'granted':
      return consent.validUntilMs ?? Number.POSITIVE_INFINITY;
    case 'expired':
    case 'withdrawn':
      return consent.atMs;
    case 'objected':
    case 'missing':
      return undefined;
  }
}
