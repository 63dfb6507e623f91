import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import {
  chainStart,
  extendChain,
  type ChainHead,
  type ChainLink,
  type JsonObject,
} from '../../../core/privacy/chain.js';
import { sha256 } from '../../../platform/crypto/sha256.js';

export const ledgers = ['consents', 'audit'] as const;
export type LedgerName = (typeof ledgers)[number];

interface HeadRow {
  readonly count: string;
  readonly hash: Buffer;
}

/**
 * Numbers and chains rows behind the tenant's last one. The head's row stays locked until the transaction ends, so that
 * processes take turns and a row without its place in the chain, or a place without its row, cannot be committed. The caller
 * inserts the rows, and does it late in its transaction: others of the tenant wait.
 */
export async function takePlaces<T>(
  em: EntityManager,
  tenantId: TenantId,
  ledger: LedgerName,
  rows: readonly T[],
  toRecord: (row: T, seq: number) => JsonObject,
): Promise<readonly (ChainLink & { readonly row: T })[]> {
  const { links, head } = extendChain(sha256, await lockHead(em, tenantId, ledger), rows, toRecord);
  await em.query('UPDATE ledger_heads SET count = $3, hash = $4 WHERE tenant_id = $1 AND ledger = $2', [
    tenantId,
    ledger,
    head.count,
    Buffer.from(head.hash),
  ]);
  return links;
}

/** Null when nothing was ever recorded. */
export async function readHead(
  em: EntityManager,
  tenantId: TenantId,
  ledger: LedgerName,
): Promise<ChainHead | null> {
  const rows: HeadRow[] = await em.query(
    'SELECT count, hash FROM ledger_heads WHERE tenant_id = $1 AND ledger = $2',
    [tenantId, ledger],
  );
  return toHead(rows);
}

async function lockHead(em: EntityManager, tenantId: TenantId, ledger: LedgerName): Promise<ChainHead> {
  const select = async (): Promise<ChainHead | null> =>
    toHead(
      await em.query<HeadRow[]>(
        'SELECT count, hash FROM ledger_heads WHERE tenant_id = $1 AND ledger = $2 FOR UPDATE',
        [tenantId, ledger],
      ),
    );
  const head = await select();
  if (head !== null) return head;
  await em.query(
    'INSERT INTO ledger_heads (tenant_id, ledger, count, hash) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING',
    [tenantId, ledger, Buffer.from(chainStart)],
  );
  const made = await select();
  if (made === null) throw new Error(`the head of the ${ledger} ledger cannot be seen`);
  return made;
}

function toHead([row]: readonly HeadRow[]): ChainHead | null {
  return row === undefined ? null : { count: Number(row.count), hash: row.hash };
}
