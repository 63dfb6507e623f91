import type { ControllerDetails } from './controller-details.js';
import type { PolicyDocument } from '../policy/policy.js';
import { activities, type ActivityId } from './data-map/activities.js';
import { erasurePaths, type ErasureId } from './data-map/erasure-paths.js';
import { packIds, type PackId, type RetentionLimit } from './packs/pack.js';
import { periodText } from './packs/period.js';
import { packs } from './packs/registry.js';

/** What of a policy the public one is made from. */
export type Settings = Pick<
  PolicyDocument,
  'retention' | 'enrolment' | 'watchlist' | 'privacy' | 'controllerDetails'
>;

/** What the public policy says of a kind of row that ends by itself. */
export interface PublishedSchedule {
  readonly data: string;
  readonly activity: ActivityId;
  readonly days: (settings: Settings) => number | null;
  /** `N` stands for the days. */
  readonly period: string;
  readonly endsEarlier: readonly string[];
  readonly destruction: ErasureId;
}

/** One class of data of the policy that the public can read. */
export interface PublishedClass {
  readonly kind: string;
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

export function publishedRetention(
  business: string,
  policyVersion: number,
  settings: Settings,
  kinds: readonly { readonly kind: string; readonly published: PublishedSchedule }[],
): PublishedRetention {
  const { controller, dataProtectionOfficer } = settings.controllerDetails;
  return {
    business,
    contact: controller,
    dataProtectionOfficer,
    policyVersion,
    classes: kinds.map(({ kind, published }) => classOf(kind, published, settings)),
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

function classOf(kind: string, schedule: PublishedSchedule, settings: Settings): PublishedClass {
  const { data, activity, days: daysOf, period, endsEarlier, destruction } = schedule;
  const days = daysOf(settings);
  return {
    kind,
    data,
    purpose: activities[activity].purpose,
    days,
    endsEarlier,
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
