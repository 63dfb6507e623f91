import type { PolicyDocument } from '../policy/policy.js';
import type { ControllerDetails } from './controller-details.js';
import { activities, type ActivityId } from './data-map/activities.js';
import { erasurePaths, type ErasureId } from './data-map/erasure-paths.js';
import { packIds, type PackId, type RetentionLimit } from './packs/pack.js';
import { periodText } from './packs/period.js';
import { packs } from './packs/registry.js';
import type { RetainedKind } from './retention-schedule.js';

/** One class of data of the policy that the public can read. */
export interface PublishedClass {
  readonly kind: RetainedKind;
  readonly data: string;
  readonly purpose: string;
  /** Days of the period that the business has set; null: its end is no number of days. */
  readonly days: number | null;
  readonly period: string;
  readonly endsEarlier: readonly string[];
  readonly destruction: string;
}

export interface PublishedLimit {
  readonly packId: PackId;
  readonly law: string;
  readonly asksForThisPolicy: string | null;
  readonly limits: readonly { readonly article: string; readonly text: string }[];
}

type Contact = ControllerDetails['controller'];

/** Written, public policy of retention and destruction (740 ILCS 14/15(a); C.R.S. 6-1-1314(2)(a)). */
export interface PublishedRetention {
  readonly business: string;
  readonly contact: Contact;
  readonly dataProtectionOfficer: Contact;
  readonly policyVersion: number;
  readonly classes: readonly PublishedClass[];
  /** Of the laws under which the business's customers live; for each voiceprint the earliest date counts. */
  readonly laws: readonly PublishedLimit[];
  readonly neverKept: readonly string[];
  readonly keptAsProof: string;
  readonly destruction: readonly string[];
  readonly rights: readonly string[];
}

type Settings = Pick<
  PolicyDocument,
  'retention' | 'enrolment' | 'watchlist' | 'privacy' | 'controllerDetails'
>;

interface Schedule {
  readonly data: string;
  readonly activity: ActivityId;
  readonly days: (settings: Settings) => number | null;
  /** `N` stands for the days. */
  readonly period: string;
  readonly endsEarlier: readonly string[];
  readonly destruction: ErasureId;
}

const byRequest = 'You ask for erasure.';
const byWithdrawal = 'You withdraw your consent to it, or object to the use of your voice.';
const record = ({ retention }: Settings): number => retention.recordDays;

/** Total over what the retention engine deletes: a kind that is added there has no place in the policy until it has words here. */
const schedule: Readonly<Record<RetainedKind, Schedule>> = {
  voiceprint: {
    data: 'Voiceprint: numbers made from your voice, by which your voice is recognised',
    activity: 'enrolment',
    days: ({ retention }) => retention.voiceprintDaysAfterLastInteraction,
    period: 'N days after we were last in touch with you',
    endsEarlier: [
      byWithdrawal,
      'Your consent ends by its own date.',
      'A law that protects you sets an earlier date (below).',
      'The method by which voiceprints are made is replaced.',
      byRequest,
    ],
    destruction: 'key-destroyed',
  },
  'enrolment-stretch': {
    data: 'Numbers made from your voice towards a voiceprint that is not finished yet',
    activity: 'enrolment',
    days: ({ enrolment }) => enrolment.stretchDays,
    period: 'N days after you spoke',
    endsEarlier: ['The voiceprint is finished.', byWithdrawal, byRequest],
    destruction: 'key-destroyed',
  },
  'call-handover': {
    data: 'Numbers made from your voice in a call that moves from one of our computers to another',
    activity: 'verification',
    days: () => null,
    period: 'one minute',
    endsEarlier: [byRequest],
    destruction: 'ends-by-itself',
  },
  'watchlist-entry': {
    data: 'Voiceprint of a person who was found to have defrauded us, kept on a documented legal ground alone',
    activity: 'watchlist',
    days: ({ watchlist }) => watchlist.entryDaysAtMost,
    period: 'until a date set for each, at most N days after it was made',
    endsEarlier: ['The review of its ground finds it is no longer needed.', 'A law sets an earlier date.'],
    destruction: 'entry-erased',
  },
  flag: {
    data: 'Suspicion of fraud in a call, with its reasons and how people judged it',
    activity: 'fraud-detection',
    days: ({ retention }) => retention.flagDays,
    period: 'N days after its last change',
    endsEarlier: [byRequest],
    destruction: 'row-deleted',
  },
  call: {
    data: 'Facts of a call (when, how long, how it ended) and the result of its voice check; no sound',
    activity: 'calls',
    days: ({ retention }) => retention.callDays,
    period: 'N days after the call, or as long as a suspicion raised in it',
    endsEarlier: ['You ask for erasure: what is left of the call is nobody’s.'],
    destruction: 'row-deleted',
  },
  'voiceprint-record': {
    data: 'That there was a voiceprint: dates and why it ended, nothing of the voice',
    activity: 'proof',
    days: record,
    period: 'N days after it ended',
    endsEarlier: [byRequest],
    destruction: 'row-deleted',
  },
  'watchlist-record': {
    data: 'That there was a watchlist entry: dates and why it ended, nothing of the voice',
    activity: 'proof',
    days: record,
    period: 'N days after it ended',
    endsEarlier: [],
    destruction: 'row-deleted',
  },
  'key-record': {
    data: 'That there was a key to a voiceprint, and when it was destroyed',
    activity: 'proof',
    days: record,
    period: 'N days after it was destroyed',
    endsEarlier: [byRequest],
    destruction: 'row-deleted',
  },
  'consent-proof': {
    data: 'Where the proof of your consent lies',
    activity: 'proof',
    days: ({ retention }) => retention.proofDays,
    period: 'N days after the consent ended',
    endsEarlier: [byRequest],
    destruction: 'proof-deleted',
  },
  request: {
    data: 'What you asked us about your data, and our answer',
    activity: 'requests',
    days: record,
    period: 'N days after the answer',
    endsEarlier: ['You ask for erasure: what was written goes, dates and kinds stay.'],
    destruction: 'words-emptied',
  },
  customer: {
    data: 'Your account reference and place of residence here',
    activity: 'calls',
    days: ({ retention }) => retention.customerDays,
    period: 'N days after we were last in touch with you, once nothing else of yours is kept',
    endsEarlier: [byRequest],
    destruction: 'customer-row-deleted',
  },
};

export function publishedRetention(
  business: string,
  policyVersion: number,
  settings: Settings,
): PublishedRetention {
  const { controller, dataProtectionOfficer } = settings.controllerDetails;
  return {
    ...{ business, contact: controller, dataProtectionOfficer, policyVersion },
    classes: (Object.keys(schedule) as RetainedKind[]).map((kind) => published(kind, settings)),
    laws: packIds.filter((packId) => settings.privacy.packs.includes(packId)).map(limitsOf),
    neverKept: ['Sound of calls: it is held in memory for seconds and never stored.'],
    keptAsProof:
      'The ledger of consents, the log of what was done and the receipts of erasures hold numbers that stand for people, dates and kinds. Nothing of a voice is in them. Once your account is erased here, those numbers lead to nobody.',
    destruction: [
      erasurePaths['key-destroyed'],
      'A program looks at every date without being asked, deletes what is due, and sounds an alarm when it is late.',
      'What a court case or claim needs is kept past its date under a legal hold, with a reason and an end; a voiceprint under it is never used again.',
      'Of an erasure you get a signed receipt that anybody can check.',
    ],
    rights: [
      'You can withdraw consent, object, have your data corrected, take a copy with you or have everything erased, at any time, on the page we link you to, by telephone or by writing to us.',
    ],
  };
}

function published(kind: RetainedKind, settings: Settings): PublishedClass {
  const { data, activity, days: daysOf, period, endsEarlier, destruction } = schedule[kind];
  const days = daysOf(settings);
  return {
    ...{ kind, data, purpose: activities[activity].purpose, days, endsEarlier },
    period: days === null ? period : period.replace('N', String(days)),
    destruction: erasurePaths[destruction],
  };
}

function limitsOf(packId: PackId): PublishedLimit {
  const { name, rules } = packs[packId];
  return {
    packId,
    law: name,
    asksForThisPolicy: rules.publicPolicy?.article ?? null,
    limits: rules.retention.map((limit) => ({ article: limit.article, text: limitText(limit) })),
  };
}

function limitText(limit: RetentionLimit): string {
  const period = periodText(limit.period);
  switch (limit.from) {
    case 'purpose-met':
      return period === '0 days'
        ? 'destroyed once its purpose is met'
        : `destroyed at most ${period} after its purpose is met`;
    case 'last-interaction':
      return `destroyed at most ${period} after we were last in touch with you`;
    case 'found-unneeded':
      return `destroyed at most ${period} after a review, every ${periodText(limit.reviewEvery)}, finds that it is no longer needed`;
  }
}
