import type { RequestKind } from '../packs/pack.js';

export const requestStates = ['received', 'identity-checked', 'in-progress', 'fulfilled', 'refused'] as const;
export type RequestState = (typeof requestStates)[number];

/** Where it came in. */
export const requestChannels = ['customer-page', 'agent', 'officer', 'opt-out-signal'] as const;
export type RequestChannel = (typeof requestChannels)[number];

/** What a person objects to, opts out of or limits. */
export const objectionScopes = ['verification', 'fraud-watchlist', 'profiling', 'sale-or-sharing'] as const;
export type ObjectionScope = (typeof objectionScopes)[number];

export const identityMethods = [
  /** The business's own site had signed the person in. */
  'self-service-link',
  /** A call of theirs in which the voice was accepted. */
  'verified-call',
  'security-questions',
  'document',
  'in-person',
  /** Of somebody who acts for the person: their authority and, as the law asks, the person's identity. */
  'representative',
] as const;
export type IdentityMethod = (typeof identityMethods)[number];

export const refusalReasons = [
  /** GDPR Art. 11(2), 12(2); 11 CCR 7062(g). */
  'identity-not-established',
  /** GDPR Art. 12(5)(b); 1798.145(h)(3). */
  'unfounded-or-excessive',
  /** GDPR Art. 17(3)(e), 21(1). */
  'legal-claims',
  /** GDPR Art. 17(3)(b). */
  'legal-obligation',
  /** CCPA 1798.105(d)(2). */
  'security-exception',
  /** GDPR Art. 15(4). */
  'rights-of-others',
  /** GDPR Art. 21(1). */
  'compelling-grounds',
  /** Nothing of the kind is held. */
  'nothing-held',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/**
 * Stopping is carried out, not weighed, and hands nothing out: no identity check stands before it (11 CCR 7026(d), 7027(e);
 * GDPR Art. 7(3) of withdrawal).
 */
export function needsIdentity(kind: RequestKind): boolean {
  return kind !== 'objection' && kind !== 'limit';
}

/** What the steps and clocks of a request depend on. */
export interface RequestFacts {
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly receivedMs: number;
  /** Of the last step: none can be earlier. */
  readonly changedMs: number;
  /** The date in force: the extended one, once it is extended. */
  readonly dueMs: number;
  /** How far a reason told in time may put it off; null: the packs allow none. */
  readonly extendableToMs: number | null;
  readonly extendedMs: number | null;
  readonly confirmReceiptByMs: number | null;
  readonly receiptConfirmedMs: number | null;
  /** When a bundle was first handed out. */
  readonly releasedMs: number | null;
}

/** On what ground somebody asks for another person (11 CCR 7063; GDPR recital 59 with national law). */
export const authorities = ['signed-permission', 'power-of-attorney', 'parent-or-guardian', 'court'] as const;
export type Authority = (typeof authorities)[number];
