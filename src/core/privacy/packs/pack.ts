import type { ConsentMethod } from '../consent.js';
import type { Period } from './period.js';

export const packIds = ['gdpr', 'ccpa', 'vcdpa', 'cpa', 'bipa', 'cubi'] as const;
export type PackId = (typeof packIds)[number];

export const ruleNames = [
  'basis',
  'notice',
  'withdrawal',
  'renewal',
  'retention',
  'publicPolicy',
  'access',
  'portability',
  'correction',
  'erasure',
  'objection',
  'limit',
  'appeal',
  'optOutSignal',
  'automatedDecisions',
  'sale',
  'children',
  'watchlist',
  'ownCallers',
  'proof',
  'breach',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** Which rule of which pack decided. `timbre`: what the product does whatever the law; `policy`: the tenant's own policy. */
export interface Ruling {
  readonly packId: PackId | 'timbre' | 'policy';
  readonly rule: RuleName;
  readonly article: string;
}

/** Every rule names where it stands in the law, and may have a word for counsel. */
interface Ruled {
  readonly article: string;
  readonly note?: string;
}

/** From the weakest to the strictest. */
export const consentKinds = [
  'notice',
  'informed-consent',
  'opt-in-consent',
  'explicit-consent',
  'written-release',
] as const;
export type ConsentKind = (typeof consentKinds)[number];

export interface BasisRule extends Ruled {
  readonly consent: ConsentKind;
  /** How it may have been given. */
  readonly methods: readonly ConsentMethod[];
}

export const noticeItems = [
  'that-voice-is-captured',
  'who-is-responsible',
  'purposes',
  'legal-basis',
  'categories-of-data',
  'retention-period',
  'recipients',
  'rights',
  'how-to-withdraw',
  'how-to-appeal',
  'complaint-to-authority',
  'sale-or-sharing',
] as const;
export type NoticeItem = (typeof noticeItems)[number];

export interface NoticeRule extends Ruled {
  readonly contents: readonly NoticeItem[];
  /** Hearing it is not enough. */
  readonly inWriting: boolean;
}

export interface WithdrawalRule extends Ruled {
  /** `stops`: consent is withdrawn and processing ends; `limits`: the use of sensitive data can be limited. */
  readonly effect: 'stops' | 'limits';
}

/** Consent no longer counts this long after the person was last dealt with: it must be asked for again. */
export interface RenewalRule extends Ruled {
  readonly afterLastInteraction: Period;
}

export type RetentionLimit = Ruled &
  (
    | { readonly from: 'purpose-met'; readonly period: Period }
    | { readonly from: 'last-interaction'; readonly period: Period }
    /** Of a review that finds it is no longer needed. */
    | { readonly from: 'found-unneeded'; readonly period: Period; readonly reviewEvery: Period }
  );

export const requestKinds = [
  'access',
  'portability',
  'correction',
  'erasure',
  'objection',
  'limit',
  'appeal',
] as const;
export type RequestKind = (typeof requestKinds)[number];

export interface RequestRule extends Ruled {
  readonly answerWithin: Period;
  /** On top, with the reason told to the person within the first period; null: none. */
  readonly extension: Period | null;
  readonly confirmReceiptWithin: Period | null;
}

export interface ChildrenRule extends Ruled {
  /** Younger persons cannot agree by themselves: a parent or guardian does. */
  readonly ownConsentFromAge: number;
}

/** On what ground a voice is kept on a list, or a caller held against one, without the person's own consent. */
export const documentedGrounds = [
  /** GDPR Art. 9(2)(f): establishment, exercise or defence of legal claims. */
  'legal-claims',
  /** GDPR Art. 9(2)(g): substantial public interest, on the basis of Union or Member State law. */
  'substantial-public-interest',
  /** CCPA 1798.105(d)(2), 1798.121(a): to help to ensure security and integrity. */
  'security-exception',
] as const;
export type DocumentedGround = (typeof documentedGrounds)[number];

export interface WatchlistRule extends Ruled {
  /** None: only with the person's own consent or release. */
  readonly groundsWithoutConsent: readonly DocumentedGround[];
}

/**
 * Whether a consented voice may also be held against voiceprints of other consenting customers, so that the business learns how often
 * its voice check is wrong. Of it counts are kept, of which nobody can be made out.
 */
export interface OwnCallersRule extends Ruled {
  readonly mayBeMeasured: boolean;
}

export interface BreachRule extends Ruled {
  readonly tellAuthorityWithin: Period | null;
  /** `undue-delay`: without it, no number given. */
  readonly tellPersonsWithin: Period | 'undue-delay';
}

export interface ProofRule extends Ruled {
  readonly keepAtLeast: Period | null;
}

export type SaleRule = Ruled & { readonly sale: 'forbidden' | 'opt-out' };

/** Null: the law has no such rule. Lists hold all that apply at once. */
export interface PackRules extends Readonly<Record<RequestKind, RequestRule | null>> {
  readonly basis: BasisRule;
  readonly notice: NoticeRule;
  readonly withdrawal: WithdrawalRule | null;
  readonly renewal: RenewalRule | null;
  readonly retention: readonly RetentionLimit[];
  readonly publicPolicy: Ruled | null;
  readonly optOutSignal: Ruled | null;
  readonly automatedDecisions: Ruled | null;
  readonly sale: SaleRule | null;
  readonly children: ChildrenRule | null;
  readonly watchlist: WatchlistRule;
  readonly ownCallers: OwnCallersRule;
  readonly proof: ProofRule | null;
  readonly breach: BreachRule | null;
}

export interface LegalPack {
  readonly packId: PackId;
  readonly name: string;
  readonly citation: string;
  /** The day on which the rules were last compared with the law. A change of a rule is a new version. */
  readonly version: string;
  /** ISO 3166-1 countries and 3166-2 states whose residents it protects. */
  readonly territories: readonly string[];
  /** Whom the law leaves out though they live there: for counsel to weigh, never applied by itself. */
  readonly exemptions: readonly string[];
  readonly rules: PackRules;
}
