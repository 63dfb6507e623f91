import type { ActivityId } from './activities.js';
import type { CategoryId } from './categories.js';
import type { ErasureId } from './erasure-paths.js';
import type { RetentionId } from './retention-rules.js';

/** For what, on what ground, for how long and how it goes: what has to be known of every personal column. */
export interface Handling {
  /** The processing it serves: purpose, legal bases, people and recipients (activities.ts). */
  readonly activity: ActivityId;
  readonly retention: RetentionId;
  readonly erasure: ErasureId;
}

export type ColumnUse =
  | { readonly kind: 'not-personal'; readonly why: string }
  | ({ readonly kind: 'personal'; readonly category: CategoryId; readonly what: string } & Handling);

export interface TableUse {
  readonly table: string;
  readonly what: string;
  /** Where a person finds it in the bundle of their data (GDPR Art. 15), or why it is not in there; left out where nothing is personal. */
  readonly bundle?: { readonly in: string } | { readonly notIn: string };
  /** By the database's own names. */
  readonly columns: Readonly<Record<string, ColumnUse>>;
}

type PersonalColumn = (category: CategoryId, what: string, other?: Partial<Handling>) => ColumnUse;

/** Personal columns of a table are mostly handled alike: what differs is said at the column. */
export function handledAs(handling: Handling): PersonalColumn {
  return (category, what, other = {}) => ({ kind: 'personal', category, what, ...handling, ...other });
}

export function notPersonal(why: string): ColumnUse {
  return { kind: 'not-personal', why };
}

export const tenant = notPersonal('Which tenant: a business.');
export const ordinal = notPersonal('A number that Timbre gives the row.');
export const chained = notPersonal('A hash that chains the row to the one before it.');
export const keyState = notPersonal('How the key that seals it stands.');
export const modelOf = notPersonal('Which speaker model.');
