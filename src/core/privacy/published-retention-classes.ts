import type { PolicyDocument } from '../policy/policy.js';
import type { ActivityId } from './data-map/activities.js';
import type { ErasureId } from './data-map/erasure-paths.js';
import type { RetainedKind } from './retention-schedule.js';

/** What of a policy the public one is made from. */
export type Settings = Pick<
  PolicyDocument,
  'retention' | 'enrolment' | 'watchlist' | 'privacy' | 'controllerDetails'
>;

export interface Schedule {
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
export const schedule: Readonly<Record<RetainedKind, Schedule>> = {
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
