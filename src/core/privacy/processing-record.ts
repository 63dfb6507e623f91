import type { PolicyDocument } from '../policy/policy.js';
import { activities, type Activity, type ActivityId, type Basis } from './data-map/activities.js';
import { categories, type CategoryId } from './data-map/categories.js';
import type { ColumnUse, TableUse } from './data-map/data-map.types.js';
import { erasurePaths, type ErasureId } from './data-map/erasure-paths.js';
import type { Recipient } from './data-map/recipients.js';
import { retentionRules, type RetentionId } from './data-map/retention-rules.js';
import type { ControllerDetails } from './controller-details.js';

export interface Named {
  readonly id: string;
  readonly text: string;
}

/** One activity of the record of processing (GDPR Art. 30(1)(b) to (d) and (f)), drawn from the data map. */
export interface RecordedActivity {
  readonly id: ActivityId;
  readonly name: string;
  readonly purpose: string;
  readonly legalBases: readonly Basis[];
  readonly people: readonly string[];
  readonly categories: readonly Named[];
  /** Data of GDPR Art. 9(1) among them. */
  readonly specialCategory: boolean;
  readonly recipients: readonly Recipient[];
  readonly retention: readonly Named[];
  readonly erasure: readonly Named[];
  readonly tables: readonly string[];
}

export interface ProcessingRecord extends ControllerDetails {
  readonly at: string;
  readonly policyVersion: number;
  readonly activities: readonly RecordedActivity[];
  /** Days and limits that the policy in force gives to the retention rules. */
  readonly retentionSettings: Readonly<Record<string, number>>;
  /** Art. 30(1)(g): what Timbre itself does; the business's own are in `securityMeasures`. */
  readonly productSecurityMeasures: readonly string[];
  /** What Art. 30(1) asks for and the business has not said yet. */
  readonly missing: readonly string[];
}

/** Each of these is kept by a test of the product. */
export const productSecurityMeasures: readonly string[] = [
  'Voiceprints and embeddings are sealed with AES-256-GCM under a key of each person’s own, wrapped by the business’s key, wrapped by the master key.',
  'Raw audio is held in memory for seconds and never stored.',
  'Speech becomes an embedding only where a gate finds consent for that purpose at that time; the gate fails closed.',
  'Row-level security of the database keeps businesses apart in every table.',
  'Telephone numbers are stored as keyed hashes only; logs name calls, never people.',
  'Access by tokens with one role each; of a token only a hash is kept.',
  'Consent ledger and audit log are append-only and hash-chained; an export can be verified without Timbre.',
  'Withdrawal and erasure destroy the person’s key, so that copies in backups can’t be read.',
];

export function processingRecord(
  map: readonly TableUse[],
  business: ControllerDetails,
  now: {
    readonly at: string;
    readonly policyVersion: number;
    readonly retentionSettings: Readonly<Record<string, number>>;
  },
): ProcessingRecord {
  return {
    ...now,
    ...business,
    activities: recordedActivities(map),
    productSecurityMeasures,
    missing: missingDetails(business),
  };
}

/** Each number of the policy that a retention rule names, by its name there. */
export function retentionSettings(
  policy: Pick<PolicyDocument, 'retention' | 'enrolment' | 'watchlist'>,
): Record<string, number> {
  const { retention, enrolment, watchlist } = policy;
  return {
    ...Object.fromEntries(Object.entries(retention).map(([name, days]) => [`retention.${name}`, days])),
    'enrolment.stretchDays': enrolment.stretchDays,
    'watchlist.entryDaysAtMost': watchlist.entryDaysAtMost,
  };
}

/** Activities of which anything is kept. */
export function recordedActivities(map: readonly TableUse[]): RecordedActivity[] {
  return (Object.keys(activities) as ActivityId[])
    .map((id) => recordedActivity(id, activities[id], map))
    .filter(({ tables }) => tables.length > 0);
}

function recordedActivity(id: ActivityId, activity: Activity, map: readonly TableUse[]): RecordedActivity {
  const serving = map.flatMap(({ table, columns }) =>
    Object.values(columns).flatMap((use) => (serves(use, id) ? [{ table, use }] : [])),
  );
  const categoryIds = unique(serving.map(({ use }) => use.category));
  const { name, purpose, bases, people, recipients } = activity;
  return {
    id,
    name,
    purpose,
    legalBases: bases,
    people,
    recipients,
    categories: named(categoryIds, categories),
    specialCategory: categoryIds.includes('biometric'),
    retention: named<RetentionId>(unique(serving.map(({ use }) => use.retention)), retentionRules),
    erasure: named<ErasureId>(unique(serving.map(({ use }) => use.erasure)), erasurePaths),
    tables: unique(serving.map(({ table }) => table)),
  };
}

type PersonalUse = Extract<ColumnUse, { kind: 'personal' }>;

function serves(use: ColumnUse, id: ActivityId): use is PersonalUse {
  return use.kind === 'personal' && use.activity === id;
}

function missingDetails({ controller, dataProtectionOfficer, recipients }: ControllerDetails): string[] {
  return [
    ...(controller === null ? ['controller: name and contact (Art. 30(1)(a))'] : []),
    ...(controller !== null && controller.address === undefined && controller.email === undefined
      ? ['controller: how to reach it (Art. 30(1)(a))']
      : []),
    ...(dataProtectionOfficer === null ? ['dataProtectionOfficer, where one is required (Art. 37)'] : []),
    ...(recipients.length === 0 ? ['recipients: hosting and telephony at least (Art. 30(1)(d))'] : []),
  ];
}

function named<Id extends CategoryId | RetentionId | ErasureId>(
  ids: readonly Id[],
  words: Readonly<Record<Id, string>>,
): Named[] {
  return ids.map((id) => ({ id, text: words[id] }));
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
