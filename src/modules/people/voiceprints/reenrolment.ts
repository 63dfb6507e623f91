/** Why somebody who has a voiceprint is enrolled again. */
export const reenrolmentReasons = ['voice-changed', 'poor-voiceprint', 'customer-asked', 'other'] as const;
export type ReenrolmentReason = (typeof reenrolmentReasons)[number];

/** By what, beside their voice, whoever enrols made sure of the customer. */
export const checkedBys = [
  'identity-document',
  'call-back',
  'in-person',
  'security-questions',
  'app',
] as const;
export type CheckedBy = (typeof checkedBys)[number];

/** Said with an enrolment of somebody whose voice is no longer what it was (illness, age); the second person reads it. */
export interface Reenrolment {
  readonly reason: ReenrolmentReason | null;
  readonly checks: readonly CheckedBy[];
}
