import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { canonicalJson } from '../../../core/privacy/chain.js';
import type { LedgerName } from '../../installation/facts/ledger.js';
import { storedRows } from './stored-rows.js';

type Within = <T>(work: (em: EntityManager) => Promise<T>) => Promise<T>;

export interface ExportRange {
  readonly tenantId: TenantId;
  readonly from: Date | undefined;
  /** Up to, not with. */
  readonly to: Date | undefined;
}

const timeColumn: Record<LedgerName, string> = {
  consents: 'consents.recorded_at',
  audit: 'audit_entries.at',
};
const tableOf: Record<LedgerName, string> = { consents: 'consents', audit: 'audit_entries' };

/**
 * JSON Lines: each row's record with its hashes, from the first to the last of the time asked for. Entries of calls are
 * written a moment after they happened, so a few in between may be of just outside it: the run has no gaps and can be verified.
 */
export async function* exportLines(
  within: Within,
  ledger: LedgerName,
  { tenantId, from, to }: ExportRange,
): AsyncGenerator<string> {
  const at = timeColumn[ledger];
  const [run] = await within((em) =>
    em.query<{ first: string | null; last: string | null }[]>(
      `SELECT min(seq) AS first, max(seq) AS last FROM ${tableOf[ledger]}
       WHERE tenant_id = $1 AND ($2::timestamptz IS NULL OR ${at} >= $2) AND ($3::timestamptz IS NULL OR ${at} < $3)`,
      [tenantId, from ?? null, to ?? null],
    ),
  );
  if (run === undefined || run.first === null || run.last === null) return;
  const page = { tenantId, after: Number(run.first) - 1, upTo: Number(run.last) };
  for await (const { record, previousHash, hash } of storedRows(within, ledger, page))
    yield `${canonicalJson({ record, previousHash: toHex(previousHash), hash: toHex(hash) })}\n`;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
