import type { Purpose, QualityCode } from './api-types.js';

/** Everything the page says, in one language. `{…}` stands for what is put in. */
export interface Words {
  /** BCP 47. */
  readonly code: string;
  readonly texts: Readonly<Record<TextKey, string>>;
  readonly purposes: Readonly<Record<Purpose, { readonly title: string; readonly text: string }>>;
  /** Why it is kept until then; what is not listed is said by `other`. */
  readonly keptBecause: Readonly<Record<string, string>> & { readonly other: string };
  readonly endedBecause: Readonly<Record<string, string>> & { readonly other: string };
  /** While speaking, and as the reason why a recording could not be used. */
  readonly quality: Readonly<Record<QualityCode, string>>;
  /** By the last part of a problem's type. */
  readonly problems: Readonly<Record<ProblemKey, string>>;
  /** What can be asked for here. */
  readonly asks: Readonly<Record<AskKey, string>>;
  /** What was asked for: its kind, or kind and what it is about. */
  readonly requestKinds: Readonly<Record<string, string>>;
  /** To be read aloud: everyday sentences with many different sounds. */
  readonly prompts: readonly string[];
}

export type ProblemKey =
  | 'not-in-this-link'
  | 'notice-superseded'
  | 'request-open'
  | 'objection-not-found'
  | 'objection-not-carried-out'
  | 'opt-out-signal-on'
  | 'unreachable'
  | 'other';

export type AskKey =
  'stop-verification' | 'stop-profiling' | 'no-sale' | 'limit' | 'correction' | 'access' | 'appeal';

export type TextKey =
  | 'title'
  | 'skip'
  | 'language'
  | 'leave'
  | 'account'
  | 'tryAgain'
  | StatusKey
  | AgreeKey
  | RecordKey
  | DataKey
  | ClosedKey;

type StatusKey =
  | 'heldTitle'
  | 'heldText'
  | 'heldUnusedText'
  | 'noneTitle'
  | 'noneText'
  | 'endedTitle'
  | 'expiredTitle'
  | 'pendingTitle'
  | 'pendingText'
  | 'madeOn'
  | 'keptUntil'
  | 'countsFrom'
  | 'why'
  | 'endedOn';

type AgreeKey =
  | 'agreeTitle'
  | 'agreeLead'
  | 'noticeLabel'
  | 'agreedOn'
  | 'agreedUntil'
  | 'notAgreed'
  | 'withdrawnOn'
  | 'agreementEndedOn'
  | 'askedAgain'
  | 'notOffered'
  | 'saidYes'
  | 'saidNo'
  | 'saidNoDestroyed';

type RecordKey =
  | 'recordTitle'
  | 'recordLead'
  | 'recordAgainTitle'
  | 'recordAgainLead'
  | 'recordMoreLead'
  | 'recordNeedsConsent'
  | 'tipQuiet'
  | 'tipNear'
  | 'tipAlone'
  | 'recordStart'
  | 'recordAgain'
  | 'recordMore'
  | 'recordAfresh'
  | 'forgotten'
  | 'readThis'
  | 'heard'
  | 'heardBar'
  | 'goOn'
  | 'stop'
  | 'cancelRecording'
  | 'cancelled'
  | 'opening'
  | 'judging'
  | 'enrolled'
  | 'incomplete'
  | 'held'
  | 'heldSince'
  | 'refused'
  | 'noConsent'
  | 'erasedMeanwhile'
  | 'recordFailed'
  | 'micDenied'
  | 'micNone'
  | 'micBusy'
  | 'micUnsupported';

type DataKey =
  | 'dataTitle'
  | 'dataLead'
  | 'downloadPage'
  | 'downloadJson'
  | 'downloaded'
  | 'retentionPolicy'
  | 'requestsTitle'
  | 'requestsLead'
  | 'requestKind'
  | 'requestSend'
  | 'requestReceived'
  | 'requestDue'
  | 'requestDone'
  | 'requestRefused'
  | 'objectionsTitle'
  | 'objectionSince'
  | 'takeBack'
  | 'takenBack'
  | 'optOutHeard'
  | 'eraseTitle'
  | 'eraseLead'
  | 'erase'
  | 'eraseSure'
  | 'eraseVoice'
  | 'eraseRows'
  | 'eraseStays'
  | 'eraseConfirm'
  | 'eraseKeep'
  | 'erasedTitle'
  | 'erasedText'
  | 'erasedOn'
  | 'receiptNumber'
  | 'downloadReceipt'
  | 'receiptHint';

type ClosedKey =
  | 'leftTitle'
  | 'leftText'
  | 'overTitle'
  | 'overText'
  | 'noLinkTitle'
  | 'noLinkText'
  | 'linkExpiredTitle'
  | 'linkUsedTitle'
  | 'linkNotValidTitle'
  | 'linkAgain'
  | 'unreachableTitle'
  | 'unreachableText';
