import type { EntityManager } from 'typeorm';
import type { TenantId } from '../../../core/ids.js';
import { ChainCheck, type ChainFinding, type ChainHead } from '../../../core/privacy/chain.js';
import { sha256 } from '../../../platform/crypto/sha256.js';
import { readSigners } from '../../people/consents/consent-signer.js';
import { proofFinding } from '../../people/consents/proof-check.js';
import { readHead, type LedgerName } from '../../installation/facts/ledger.js';
import { storedRows } from './stored-rows.js';

export interface LedgerReport {
  readonly rows: number;
  /** One sentence for each thing that is wrong; none when the ledger is whole. */
  readonly findings: readonly string[];
}

/**
 * Reads the whole ledger of a tenant and says what does not hold. `em` is of one snapshot (REPEATABLE READ), so that rows added
 * meanwhile are no finding.
 */
export async function verifyLedger(
  em: EntityManager,
  tenantId: TenantId,
  ledger: LedgerName,
  anchor: ChainHead | null = null,
): Promise<LedgerReport> {
  const check = new ChainCheck(sha256, await readHead(em, tenantId, ledger), anchor);
  const findings: string[] = [];
  const signers = new Map((await readSigners(em)).map((signer) => [signer.signerId, signer]));
  let rows = 0;
  let before = 'the start of the chain';
  for await (const row of storedRows((work) => work(em), ledger, { tenantId, after: 0 })) {
    rows += 1;
    const name = `row ${row.seq} (${row.name})`;
    findings.push(...check.add(row).map((finding) => sentence(finding, name, before)));
    const wrong = row.proven === null ? null : await proofFinding(row.proven, signers);
    if (wrong !== null) findings.push(`${name}: ${wrong}`);
    before = name;
  }
  const found = check.findings.length;
  findings.push(
    ...check
      .finish()
      .slice(found)
      .map((finding) => sentence(finding, '', before)),
  );
  return { rows, findings };
}

function sentence(finding: ChainFinding, name: string, before: string): string {
  switch (finding.kind) {
    case 'changed':
      return `${name} was changed: its content is not what its hash was made of`;
    case 'replaced':
      return `${before} was replaced or given a new hash: ${name} was recorded behind another one`;
    case 'repeated':
      return `${name} is there more than once`;
    case 'missing':
      return `${numbers(finding.seq, finding.lastSeq)} missing, before ${name}`;
    case 'missing-at-end':
      return `${numbers(finding.seq, finding.lastSeq)} missing at the end, behind ${before}`;
    case 'past-head':
      return `${name} lies behind the head of the chain: it was not recorded by Timbre`;
    case 'not-as-anchored':
      return `${name} does not have the hash that was noted for it: the chain was written anew up to there`;
    case 'head-missing':
      return 'the head of the chain is missing';
    case 'head-changed':
      return `the head of the chain was changed, or ${before} was replaced`;
  }
}

function numbers(first: number, last: number): string {
  return first === last ? `row ${first} is` : `rows ${first} to ${last} are`;
}
