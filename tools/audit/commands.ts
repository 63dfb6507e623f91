import type { DataSource, EntityManager } from 'typeorm';
import type { TenantId } from '../../src/core/ids.js';
import type { ChainHead } from '../../src/core/privacy/chain.js';
import { recordFact } from '../../src/modules/installation/facts/record-fact.js';
import { exportLines } from '../../src/modules/rights/ledgers/export-lines.js';
import { ledgers, readHead, type LedgerName } from '../../src/modules/installation/facts/ledger.js';
import { verifyLedger } from '../../src/modules/rights/ledgers/verify-ledger.js';
import type { Anchor, Asked } from './arguments.js';

interface Chain {
  readonly tenantId: TenantId;
  readonly ledger: LedgerName;
}

type Print = (line: string) => void;

/** False when something is not as it was recorded. */
export async function verify(
  source: DataSource,
  asked: Asked,
  anchors: readonly Anchor[],
  print: Print,
): Promise<boolean> {
  let whole = true;
  const chains = await chainsOf(source, asked);
  for (const { tenantId, ledger } of chains) {
    const noted = anchors.filter((anchor) => anchor.tenant === tenantId && anchor.ledger === ledger);
    const { rows, findings } = await snapshot(source, tenantId, (em) =>
      verifyLedger(em, tenantId, ledger, asked.head ?? noted.at(-1)?.head ?? null),
    );
    print(`${tenantId} ${ledger}: ${rows} rows, ${findings.length === 0 ? 'whole' : 'NOT WHOLE'}`);
    for (const finding of findings) print(`  ${finding}`);
    whole &&= findings.length === 0;
  }
  for (const { tenant, ledger } of asked.tenant === undefined ? anchors : []) {
    if (chains.some((chain) => chain.tenantId === tenant && (asked.ledger ?? ledger) === ledger)) continue;
    print(`${tenant} ${ledger}: NOT WHOLE\n  the tenant is gone`);
    whole = false;
  }
  return whole;
}

export async function printHeads(source: DataSource, asked: Asked, print: Print): Promise<void> {
  for (const { tenantId, ledger } of await chainsOf(source, asked)) {
    const head = await snapshot(source, tenantId, (em) => readHead(em, tenantId, ledger));
    if (head !== null) print(`${tenantId} ${ledger} ${headText(head)}`);
  }
}

/** Taking the audit log out is an entry of it. */
export async function exportLedger(
  source: DataSource,
  asked: Asked,
  write: (line: string) => Promise<void>,
): Promise<void> {
  const [first] = await chainsOf(source, asked);
  if (first === undefined) return;
  const { tenantId } = first;
  const ledger = asked.ledger ?? 'audit';
  const { from, to } = asked;
  await within(source, tenantId, (em) =>
    recordFact(em, tenantId, new Date(), {
      action: 'audit-exported',
      by: null,
      subject: { kind: 'audit', id: tenantId },
      details: { ledger, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null },
    }),
  );
  const page = <T>(work: (em: EntityManager) => Promise<T>): Promise<T> => within(source, tenantId, work);
  for await (const line of exportLines(page, ledger, { tenantId, from, to })) await write(line);
}

async function chainsOf(source: DataSource, asked: Asked): Promise<Chain[]> {
  const tenants = await within(source, '*', (em) =>
    em.query<{ tenant_id: TenantId }[]>('SELECT tenant_id FROM tenants ORDER BY created_at, tenant_id'),
  );
  const chosen: TenantId[] = [];
  for (const { tenant_id: tenantId } of tenants) {
    if (
      asked.tenant === undefined ||
      asked.tenant === tenantId ||
      (await isNamed(source, tenantId, asked.tenant))
    )
      chosen.push(tenantId);
  }
  if (asked.tenant !== undefined && chosen.length === 0)
    throw new Error(`There is no tenant ${asked.tenant}`);
  const wanted = asked.ledger === undefined ? ledgers : [asked.ledger];
  return chosen.flatMap((tenantId) => wanted.map((ledger) => ({ tenantId, ledger })));
}

async function isNamed(source: DataSource, tenantId: TenantId, name: string): Promise<boolean> {
  const [row] = await within(source, tenantId, (em) =>
    em.query<{ name: string }[]>('SELECT name FROM tenants WHERE tenant_id = $1', [tenantId]),
  );
  return row?.name === name;
}

/** Rows added meanwhile are not seen, so a ledger can be checked while Timbre serves. */
function snapshot<T>(
  source: DataSource,
  tenantId: TenantId,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  return source.transaction('REPEATABLE READ', (em) => asTenant(em, tenantId, work));
}

function within<T>(source: DataSource, scope: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
  return source.transaction((em) => asTenant(em, scope, work));
}

async function asTenant<T>(
  em: EntityManager,
  scope: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  await em.query(`SELECT set_config('timbre.tenant_id', $1, true)`, [scope]);
  return work(em);
}

function headText({ hash, count }: ChainHead): string {
  return `${Buffer.from(hash).toString('hex')}:${count}`;
}
