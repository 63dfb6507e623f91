/** What Timbre's API answers the customer page; test/web/api-types.spec.ts holds it against the server's own types. */
export type Purpose = 'verification' | 'enrolment' | 'fraud-watchlist';
export type Scope = 'view' | 'consent' | 'enrol' | 'requests';

export interface MyState {
  readonly bank: string;
  readonly accountRef: string;
  readonly scopes: readonly Scope[];
  readonly language: string | null;
  readonly endsAt: string;
  readonly retentionPolicy: string;
  readonly voiceprint: MyVoiceprint | null;
  readonly pending: { readonly netSpeechMs: number; readonly keptUntil: string } | null;
  readonly held: readonly { readonly madeAt: string; readonly keptUntil: string; readonly source: string }[];
  readonly neededMs: number;
  readonly purposes: readonly MyPurpose[];
  readonly notices: readonly MyNotice[];
  /** What came of the browser's Global Privacy Control. */
  readonly optOutSignal: 'no-signal' | 'not-asked-for' | 'recorded' | 'standing';
}

export interface MyVoiceprint {
  readonly state: 'active' | 'replaced' | 'revoked' | 'expired';
  readonly source: string;
  readonly madeAt: string;
  readonly countsFrom: string | null;
  readonly keptUntil: string;
  readonly keptBecause: string;
  readonly endedAt: string | null;
  readonly endedBecause: string | null;
}

export interface MyPurpose {
  readonly purpose: Purpose;
  readonly consent: 'granted' | 'expired' | 'withdrawn' | 'objected' | 'missing';
  readonly since: string | null;
  readonly until: string | null;
  readonly given: { readonly version: string; readonly language: string } | null;
  readonly askedAgain: boolean;
  readonly offer: { readonly version: string; readonly languages: readonly string[] } | null;
}

export interface MyNotice {
  readonly version: string;
  readonly language: string;
  readonly text: string;
  readonly purposes: readonly Purpose[];
}

export interface MyWithdrawal {
  readonly alreadyWithdrawn: boolean;
  readonly destroyed: { readonly voiceprints: number; readonly stretches: number; readonly keys: number };
}

export type RequestKind =
  'access' | 'portability' | 'correction' | 'erasure' | 'objection' | 'limit' | 'appeal';

/** What the visitor has objected to or limited, and can take back. */
export interface MyObjection {
  readonly objectionId: string;
  readonly kind: 'objection' | 'limit';
  readonly scopes: readonly string[];
  readonly since: string;
}

export interface MyRequest {
  readonly requestId: string;
  readonly kind: RequestKind;
  readonly scopes: readonly string[];
  readonly state: 'received' | 'identity-checked' | 'in-progress' | 'fulfilled' | 'refused';
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly answeredAt: string | null;
  readonly explanation: string | null;
}

/** Signed; kept as it came, for whoever checks it. */
export interface MyReceipt {
  readonly receipt: { readonly erasureId: string; readonly erasedAt: string };
  readonly signature: string;
}

export type QualityCode =
  | 'no-speech'
  | 'quality-too-quiet'
  | 'quality-noisy'
  | 'quality-clipped'
  | 'two-speakers'
  | 'unlike-voiceprint'
  | 'voiceprint-of-earlier-model'
  | 'call-under-way'
  | 'flag-open';

export type MyEnrolment =
  | { readonly kind: 'enrolled'; readonly keptUntil: string }
  | {
      readonly kind: 'incomplete';
      readonly netSpeechMs: number;
      readonly neededMs: number;
      readonly keptUntil: string;
    }
  | { readonly kind: 'held'; readonly keptUntil: string }
  | { readonly kind: 'refused'; readonly reasons: readonly QualityCode[] }
  | { readonly kind: 'no-consent'; readonly reason: string }
  | { readonly kind: 'erased' }
  | { readonly kind: 'failed' };

export type EnrolmentMessage =
  | { readonly type: 'started'; readonly neededMs: number; readonly netSpeechMs: number }
  | {
      readonly type: 'progress';
      readonly netSpeechMs: number;
      readonly neededMs: number;
      readonly hints: readonly QualityCode[];
    }
  | { readonly type: 'enough' }
  | { readonly type: 'result'; readonly result: MyEnrolment };
