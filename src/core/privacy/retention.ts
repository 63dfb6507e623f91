import { consentFor, type ConsentEntry } from './consent.js';
import { asGiven } from './notices.js';
import { keepNoLongerThan } from './packs/limits.js';
import type { Ruling } from './packs/pack.js';
import { dayMs } from './packs/period.js';
import { houseRule, lowestBy } from './packs/strictest.js';
import type { Subject } from './subject.js';

export { dayMs };

/** `model-retired` comes from outside this table: nothing here knows which models are served. */
export type ExpiryReason = 'consent-ends' | 'days-after-last-interaction' | 'law-limit' | 'model-retired';

export interface Expiry {
  readonly atMs: number;
  readonly reason: Exclude<ExpiryReason, 'model-retired'>;
  readonly decidedBy: Ruling;
}

interface RetentionInput {
  readonly subject: Subject;
  readonly policy: { readonly voiceprintDaysAfterLastInteraction: number };
  readonly ledger: readonly ConsentEntry[];
  readonly nowMs: number;
}

/** When a voiceprint of this customer must be gone, and why: the earliest of what consent, the tenant's policy and each law say. */
export function voiceprintExpiry(input: RetentionInput): Expiry {
  const { subject, policy, ledger, nowMs } = input;
  // The consent to keep a voiceprint (without one it is due at once), and the consent to use it: a voiceprint that may no
  // longer be used has met its purpose (GDPR Art. 5(1)(e)).
  const consentEndsMs = Math.min(
    endOf('enrolment', ledger, nowMs) ?? nowMs,
    endOf('verification', ledger, nowMs) ?? Number.POSITIVE_INFINITY,
  );
  const { lastInteractionMs } = subject;
  const byPolicy: Expiry = {
    atMs: lastInteractionMs + policy.voiceprintDaysAfterLastInteraction * dayMs,
    reason: 'days-after-last-interaction',
    decidedBy: {
      packId: 'policy',
      rule: 'retention',
      article: 'retention.voiceprintDaysAfterLastInteraction',
    },
  };
  const law = keepNoLongerThan(subject.packs, {
    lastInteractionMs,
    purposeMetMs: null,
    foundUnneededMs: null,
  });
  const limits: Expiry[] = [
    { atMs: consentEndsMs, reason: 'consent-ends', decidedBy: purposeRule(subject, consentEndsMs) },
    byPolicy,
    ...(law === undefined ? [] : [{ ...law, reason: 'law-limit' as const }]),
  ];
  return lowestBy(limits, ({ atMs }) => atMs) ?? byPolicy;
}

/** Whose rule ends what has met its purpose at that moment. */
function purposeRule({ packs }: Subject, purposeMetMs: number): Ruling {
  const limit = keepNoLongerThan(packs, {
    purposeMetMs,
    lastInteractionMs: Number.POSITIVE_INFINITY,
    foundUnneededMs: null,
  });
  return limit?.atMs === purposeMetMs
    ? limit.decidedBy
    : houseRule('retention', 'Timbre rule 5: no longer than its purpose');
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
