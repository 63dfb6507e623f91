import type { ConsentId } from '../ids.js';
import { consentFor, type ConsentEntry, type ConsentState, type Purpose } from './consent.js';

/** Whether speech of this customer may become an embedding for a purpose now. Asked before any decoding; closed unless consent says open. */
export type GateDecision =
  | { readonly kind: 'open'; readonly consentId: ConsentId; readonly validUntilMs: number | null }
  | { readonly kind: 'closed'; readonly reason: GateClosedReason };

export type GateClosedReason = 'consent-missing' | 'consent-expired' | 'consent-withdrawn' | 'objected';

const closedReason: Record<Exclude<ConsentState['kind'], 'granted'>, GateClosedReason> = {
  missing: 'consent-missing',
  expired: 'consent-expired',
  withdrawn: 'consent-withdrawn',
  objected: 'objected',
};

export function gateFor(purpose: Purpose, ledger: readonly ConsentEntry[], nowMs: number): GateDecision {
  const decision = decide(consentFor(purpose, ledger, nowMs));
  // Who has opted out of being verified must not get a voiceprint: it would have no purpose left (GDPR Art. 5(1)(b)).
  if (purpose === 'enrolment' && decision.kind === 'open') {
    const use = consentFor('verification', ledger, nowMs).kind;
    if (use === 'withdrawn' || use === 'objected') return { kind: 'closed', reason: closedReason[use] };
  }
  return decision;
}

function decide(consent: ConsentState): GateDecision {
  return consent.kind === 'granted'
    ? { kind: 'open', consentId: consent.consentId, validUntilMs: consent.validUntilMs }
    : { kind: 'closed', reason: closedReason[consent.kind] };
}
