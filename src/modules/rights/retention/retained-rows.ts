import type { EntityManager } from 'typeorm';
import type { CustomerId } from '../../../core/ids.js';
import type { Policy } from '../../../core/policy/policy.js';
import { dayMs } from '../../../core/privacy/packs/period.js';
import { dueOf, type Due } from '../../../core/privacy/retention-schedule.js';
import { heldCustomer } from '../../people/legal-holds/held.js';
import type { RetainedRow, RetainedRows, StoredTable } from '../../../platform/database/stored-table.js';

/** A row that may be due, with what its date follows from. */
export interface FoundRow {
  readonly id: string;
  readonly customerId: CustomerId | null;
  readonly due: Due | null;
  readonly held: boolean;
}

export interface Page {
  readonly rows: readonly FoundRow[];
  /** Where to go on; null: nothing more. */
  readonly next: Cursor | null;
}

export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

interface Asked {
  /** Rows that are due by then. */
  readonly horizonMs: number;
  /** Which holds are in force. */
  readonly nowMs: number;
  readonly after: Cursor | null;
  readonly limit: number;
}

/** A kind of row, with the table it lies in and what goes with it. */
export interface RetainedKind extends RetainedRows {
  readonly table: string;
  /** What deletes those with the ids $1 and what goes with them; null: they are ended where they are made. */
  readonly removal: readonly string[] | null;
}

/** Every kind of row that ends by itself, in the order of the tables: what refers to a row goes before it. */
export function retainedKinds(tables: readonly StoredTable[]): RetainedKind[] {
  const goingWith = (kind: string): string[] => tables.flatMap(({ goesWith }) => goesWith?.[kind] ?? []);
  return tables.flatMap(({ table, retained = [] }) =>
    retained.map((rows) => ({
      ...rows,
      table,
      removal: rows.remove && [...goingWith(rows.kind), ...rows.remove],
    })),
  );
}

/** A page of the rows of a kind that are due by the horizon, oldest first. */
export async function findDue(
  em: EntityManager,
  source: RetainedKind,
  policy: Policy,
  { horizonMs, nowMs, after, limit }: Asked,
): Promise<Page> {
  const where = source.where === 'unreferenced' ? await unreferenced(em) : source.where;
  const stored = await em.query<RetainedRow[]>(
    `SELECT t.${source.id} AS id, ${source.at} AS at, ${source.customer} AS customer_id, ${source.held ?? heldCustomer(source.customer)} AS held,
       ${source.flagAt ?? 'NULL::timestamptz'} AS flag_at, ${source.ruling ?? 'NULL::jsonb'} AS ruling,
       ${source.reason ?? 'NULL::text'} AS reason
     FROM ${source.from ?? source.table} AS t
     WHERE ${where} AND ${source.at} <= $2
       AND ($3::timestamptz IS NULL OR (${source.at}, t.${source.id}) > ($3, $4::uuid)) AND $1::timestamptz IS NOT NULL
     ORDER BY at, id LIMIT $5`,
    [
      new Date(nowMs),
      new Date(horizonMs - source.days(policy) * dayMs),
      after?.at ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  const rows: FoundRow[] = [];
  for (const row of stored) {
    const due = dueOf(await source.facts(row, em), policy.retention);
    if (due !== null && due.atMs <= horizonMs)
      rows.push({ id: row.id, customerId: row.customer_id, due, held: row.held });
  }
  const last = stored.at(-1);
  return { rows, next: last === undefined || stored.length < limit ? null : { at: last.at, id: last.id } };
}

/** No row of any table refers to the customer: asked of the database itself, so that a table added later counts too. */
async function unreferenced(em: EntityManager): Promise<string> {
  const found: { table: string; column: string }[] = await em.query(
    `SELECT c.conrelid::regclass::text AS table, a.attname AS column
     FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f' AND c.confrelid = 'customers'::regclass AND c.confdeltype <> 'c'`,
  );
  const clauses = found.map(
    ({ table, column }) => `NOT EXISTS (SELECT 1 FROM ${table} r WHERE r."${column}" = t.customer_id)`,
  );
  return ['true', ...clauses].join(' AND ');
}
