import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import type { FactAction, StoredFact } from './fact.js';
import { readHead } from './ledger.js';
import { readActions } from './stored-facts.js';

/**
 * Work that a fact brings with it, done once for the installation whatever process dies in between: what `read` writes and how far
 * the reader has come are one transaction, so facts at which it fails come again. A reader that is new begins at each tenant's
 * first fact: one that must not writes its rows of fact_cursors in its migration.
 */
export interface StoredReader<Action extends FactAction = FactAction> {
  /** Its cursors stand under this name in the database: it never changes. */
  readonly name: string;
  /** It is handed these alone. */
  readonly actions: readonly Action[];
  /** One tenant's, in the order of its chain; never none. */
  read(em: EntityManager, facts: readonly Extract<StoredFact, { action: Action }>[]): Promise<void>;
}

/** How many facts share a transaction. */
const batch = 100;

/** `busy`: another process is at it. */
export type Advance = 'busy' | { readonly reached: number; readonly isDone: boolean };

/** Hands the reader the next of the tenant's facts and moves its cursor, in this transaction. `wait`: for a process that is at it. */
export async function advance(
  em: EntityManager,
  tenantId: TenantId,
  reader: StoredReader,
  wait: boolean,
): Promise<Advance> {
  const after = await lockCursor(em, tenantId, reader.name, wait);
  if (after === null) return 'busy';
  const head = (await readHead(em, tenantId, 'audit'))?.count ?? 0;
  if (head <= after) return { reached: after, isDone: true };
  const facts = await readActions(em, tenantId, after, reader.actions, { upTo: head, limit: batch });
  if (facts.length > 0) await reader.read(em, facts);
  const reached = facts.length < batch ? head : (facts.at(-1)?.seq ?? head);
  await em.query('UPDATE fact_cursors SET seq = $3 WHERE tenant_id = $1 AND reader = $2', [
    tenantId,
    reader.name,
    reached,
  ]);
  return { reached, isDone: reached === head };
}

/** Null: another process has it. */
async function lockCursor(
  em: EntityManager,
  tenantId: TenantId,
  reader: string,
  wait: boolean,
): Promise<number | null> {
  const select = (): Promise<{ seq: string }[]> =>
    em.query(
      `SELECT seq FROM fact_cursors WHERE tenant_id = $1 AND reader = $2 FOR UPDATE ${wait ? '' : 'SKIP LOCKED'}`,
      [tenantId, reader],
    );
  const [found] = await select();
  if (found !== undefined) return Number(found.seq);
  await em.query(
    'INSERT INTO fact_cursors (tenant_id, reader, seq) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING',
    [tenantId, reader],
  );
  const [made] = await select();
  return made === undefined ? null : Number(made.seq);
}
