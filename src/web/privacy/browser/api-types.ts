/** What the page reads of the API's answers (test/web/api-types.spec.ts holds them against the server's). */
export type LedgerName = 'consents' | 'audit';

export interface LedgerHead {
  readonly ledger: LedgerName;
  readonly rows: number;
  readonly head: string | null;
}

export interface LedgerVerification extends LedgerHead {
  readonly whole: boolean;
  readonly findings: readonly string[];
  readonly checkedAt: string;
}

export interface Customer {
  readonly customerId: string;
  readonly accountRef: string;
  readonly residence: string | null;
  readonly createdAt: string;
  readonly lastInteractionAt: string;
}

export interface CustomerState extends Customer {
  readonly consent: Readonly<Record<string, 'granted' | 'expired' | 'withdrawn' | 'objected' | 'missing'>>;
  readonly voiceprint: string;
}

export interface Consent {
  readonly consentId: string;
  readonly state: 'granted' | 'expired' | 'withdrawn';
  readonly purposes: readonly string[];
  readonly standingPurposes: readonly string[];
  readonly askedAgain: readonly string[];
  readonly noticeVersion: string;
  readonly noticeLanguage: string;
  readonly noticeText: string;
  readonly method: string;
  readonly givenAt: string;
  readonly validUntil: string | null;
  readonly withdrawnAt: string | null;
}

export interface Objection {
  readonly kind: 'objection' | 'limit';
  readonly scopes: readonly string[];
  readonly since: string;
  /** `given-way`: the person has agreed since, to all of it. */
  readonly standing: 'in-force' | 'given-way' | 'taken-back';
  readonly takenBackAt: string | null;
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly action: string;
  readonly by: string | null;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly callId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next: number | null;
}

export interface Notice {
  readonly version: string;
  readonly language: string;
  readonly text: string;
  readonly purposes: readonly string[] | null;
  readonly asksAgain: boolean;
  readonly effectiveFrom: string;
  readonly createdAt: string;
  readonly createdBy: string | null;
}
