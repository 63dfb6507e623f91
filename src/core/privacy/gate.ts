import type { ConsentId } from '../ids.js';
import { consentFor, type ConsentEntry, type ConsentState, type Purpose } from './consent.js';
import { judgeMethod, renewalDueMs, requiredConsent, withdrawalRule } from './packs/basis.js';
import type { Ruling } from './packs/pack.js';
import { rightTo } from './packs/requests.js';
import type { Subject } from './subject.js';

/** Whether speech of this customer may become an embedding for a purpose now. Asked before any decoding; closed unless consent says open. */
export type GateDecision =
  | {
      readonly kind: 'open';
      readonly consentId: ConsentId;
      readonly validUntilMs: number | null;
      readonly decidedBy: Ruling;
    }
  | { readonly kind: 'closed'; readonly reason: GateClosedReason; readonly decidedBy: Ruling };

export type GateClosedReason =
  | 'consent-missing'
  | 'consent-expired'
  | 'consent-withdrawn'
  | 'objected'
  /** Given in a way that the law of the person's home does not take. */
  | 'consent-method-not-enough'
  /** The person was not dealt with for so long that they must be asked again. */
  | 'consent-to-be-renewed';

type Granted = Extract<ConsentState, { kind: 'granted' }>;

const closedReason: Record<Exclude<ConsentState['kind'], 'granted'>, GateClosedReason> = {
  missing: 'consent-missing',
  expired: 'consent-expired',
  withdrawn: 'consent-withdrawn',
  objected: 'objected',
};

export function gateFor(
  purpose: Purpose,
  ledger: readonly ConsentEntry[],
  subject: Subject,
  nowMs: number,
): GateDecision {
  const decision = decide(purpose, ledger, subject, nowMs);
  // Who has opted out of being verified must not get a voiceprint: it would have no purpose left (GDPR Art. 5(1)(b)).
  if (purpose === 'enrolment' && decision.kind === 'open') {
    const use = consentFor('verification', ledger, nowMs).kind;
    if (use === 'withdrawn' || use === 'objected') return saidNo(use, subject);
  }
  return decision;
}

function decide(
  purpose: Purpose,
  ledger: readonly ConsentEntry[],
  subject: Subject,
  nowMs: number,
): GateDecision {
  const consent = consentFor(purpose, takenBy(ledger, subject), nowMs);
  switch (consent.kind) {
    case 'granted':
      return whileFresh(consent, ledger, subject, nowMs);
    case 'withdrawn':
    case 'objected':
      return saidNo(consent.kind, subject);
    case 'missing':
    case 'expired':
      return withoutConsent(purpose, consent.kind, ledger, subject, nowMs);
  }
}

function saidNo(kind: 'withdrawn' | 'objected', { packs }: Subject): GateDecision {
  const objection = kind === 'objected' ? rightTo(packs, 'objection') : null;
  return { kind: 'closed', reason: closedReason[kind], decidedBy: objection ?? withdrawalRule(packs) };
}

/** The ledger without what was given in a way that some pack of the person does not take. */
export function takenBy(ledger: readonly ConsentEntry[], { packs }: Subject): readonly ConsentEntry[] {
  return ledger.filter(
    (entry) => entry.kind !== 'granted' || judgeMethod(packs, entry.method).kind === 'permitted',
  );
}

function withoutConsent(
  purpose: Purpose,
  state: 'missing' | 'expired',
  ledger: readonly ConsentEntry[],
  { packs }: Subject,
  nowMs: number,
): GateDecision {
  const given = consentFor(purpose, ledger, nowMs);
  const entry = ledger.find(
    (one) => given.kind === 'granted' && one.kind === 'granted' && one.consentId === given.consentId,
  );
  if (entry?.kind === 'granted') {
    const { decidedBy } = judgeMethod(packs, entry.method);
    return { kind: 'closed', reason: 'consent-method-not-enough', decidedBy };
  }
  return { kind: 'closed', reason: closedReason[state], decidedBy: requiredConsent(packs).decidedBy };
}

/** Consent counts while it is as fresh as the packs ask: giving it is dealing with the person, too. */
function whileFresh(
  { consentId, validUntilMs }: Granted,
  ledger: readonly ConsentEntry[],
  { packs, lastInteractionMs }: Subject,
  nowMs: number,
): GateDecision {
  const entry = ledger.find((one) => one.kind === 'granted' && one.consentId === consentId);
  const givenAtMs = entry?.kind === 'granted' ? entry.givenAtMs : lastInteractionMs;
  const renewal = renewalDueMs(packs, Math.max(lastInteractionMs, givenAtMs));
  if (renewal !== undefined && renewal.value <= nowMs)
    return { kind: 'closed', reason: 'consent-to-be-renewed', decidedBy: renewal.decidedBy };
  const endsMs = Math.min(
    validUntilMs ?? Number.POSITIVE_INFINITY,
    renewal?.value ?? Number.POSITIVE_INFINITY,
  );
  return {
    kind: 'open',
    consentId,
    validUntilMs: Number.isFinite(endsMs) ? endsMs : null,
    decidedBy: requiredConsent(packs).decidedBy,
  };
}
