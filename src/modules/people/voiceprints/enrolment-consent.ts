import type { ConsentId } from '../../../core/ids.js';
import { isInForce, standingPurposes, type ConsentEntry } from '../../../core/privacy/consent.js';
import { gateFor, type GateDecision } from '../../../core/privacy/gate.js';
import { withdrawalRule } from '../../../core/privacy/packs/basis.js';
import type { Subject } from '../../../core/privacy/subject.js';
import type { OfferedStretch } from './enrolment-outcome.js';
import type { Voiceprint } from './voiceprint.entity.js';

export type OpenGate = Extract<GateDecision, { kind: 'open' }>;

/** A voiceprint that follows another stands under the same consent, as long as that one lasts. */
export function consentOf(
  follows: Voiceprint | null,
  gate: OpenGate,
  ledger: readonly ConsentEntry[],
  nowMs: number,
): ConsentId {
  return follows && isInForce(follows.consentId, 'enrolment', ledger, nowMs)
    ? follows.consentId
    : gate.consentId;
}

/** What the gate says under the customer's lock of speech that it let through before: a consent since withdrawn closes it. */
export function gateNow(
  { ticket }: OfferedStretch,
  ledger: readonly ConsentEntry[],
  subject: Subject,
  nowMs: number,
): GateDecision {
  const stillStands =
    ticket === undefined || standingPurposes(ticket.consentId, ledger)?.includes('enrolment') === true;
  return stillStands
    ? gateFor('enrolment', ledger, subject, nowMs)
    : { kind: 'closed', reason: 'consent-withdrawn', decidedBy: withdrawalRule(subject.packs) };
}
