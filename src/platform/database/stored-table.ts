import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../core/ids.js';
import type { Policy } from '../../core/policy/policy.js';
import type { TableUse } from '../../core/privacy/data-map/data-map.types.js';
import type { Ruling } from '../../core/privacy/packs/pack.js';
import type { PublishedSchedule } from '../../core/privacy/published-retention.js';
import type { ExpiryReason } from '../../core/privacy/retention.js';
import type { RowFacts } from '../../core/privacy/retention-schedule.js';

/**
 * A table as its owner declares it, in a file `stored.ts` beside its entity. Data map, retention, erasure, bundles and the
 * public policy go over the list of them (src/app/stored-tables.ts), so that nobody else has to be told of a table.
 */
export interface StoredTable extends TableUse {
  /** Rows of it that end by themselves. */
  readonly retained?: readonly RetainedRows[];
  /** How its rows go when rows of another kind do; their ids are $1. */
  readonly goesWith?: Readonly<Record<string, string>>;
  /** What the erasure of a person does with it; left out: it names no customer. */
  readonly erasure?: ErasureAct;
}

/**
 * `kept` holds ids only: the person behind them cannot be found once the customer's row is gone. `erase` says how many rows it
 * reached; it runs under the lock of the customer's row.
 */
export type ErasureAct =
  | { readonly act: 'kept'; readonly why: string }
  | {
      readonly act: 'delete' | 'pseudonymise';
      readonly why: string;
      readonly erase: (em: EntityManager, customerId: CustomerId) => Promise<number>;
    };

/** Where rows that end by themselves lie and how they are found by age: in SQL, in which `t` is the row and $1 is now. */
export interface RetainedRows {
  /** As metrics, previews and the public policy name them. */
  readonly kind: string;
  /** Left out: the table itself. */
  readonly from?: string;
  readonly id: string;
  /** The moment from which its days count. No row is due before that moment and `days` have passed. */
  readonly at: string;
  readonly days: (policy: Policy) => number;
  /** `unreferenced`: no row of any table refers to it. */
  readonly where: string;
  readonly customer: string;
  /** Whether a legal hold keeps it; left out: one on its customer does. */
  readonly held?: string;
  readonly flagAt?: string;
  readonly reason?: string;
  readonly ruling?: string;
  readonly facts: (row: RetainedRow, em: EntityManager) => RowFacts | Promise<RowFacts>;
  /** Deletes those with the ids $1; null: they are ended where they are made, for a key goes with them. */
  readonly remove: readonly string[] | null;
  readonly published: PublishedSchedule;
}

export interface RetainedRow {
  readonly id: string;
  readonly at: Date;
  readonly customer_id: CustomerId | null;
  readonly held: boolean;
  readonly flag_at: Date | null;
  readonly reason: ExpiryReason | null;
  readonly ruling: Ruling | null;
}

/** The facts of a row that bears its own date. */
export function ownDate({ at, reason, ruling }: RetainedRow): RowFacts {
  return { kind: 'own-date', expiresMs: at.getTime(), reason, decidedBy: ruling };
}

/** The facts of what is left of something that has ended. */
export function recordEnded({ at }: RetainedRow): RowFacts {
  return { kind: 'record', endedMs: at.getTime() };
}

/** Runs these in order, the customer's id as $1; the last one's rows count. */
export function erasing(...statements: readonly string[]) {
  return async (em: EntityManager, customerId: CustomerId): Promise<number> => {
    let reached = 0;
    for (const sql of statements) [, reached] = await em.query<[unknown, number]>(sql, [customerId]);
    return reached;
  };
}

/** Of the declarations what the data map shows. */
export function dataMapOf(tables: readonly StoredTable[]): readonly TableUse[] {
  return tables.map(({ table, what, bundle, columns }) => ({
    table,
    what,
    ...(bundle && { bundle }),
    columns,
  }));
}

export const STORED_TABLES = Symbol('every table, as its owner declares it');
