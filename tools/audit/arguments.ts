import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ChainHead } from '../../src/core/privacy/chain.js';
import { ledgers, type LedgerName } from '../../src/modules/installation/facts/ledger.js';

export const usage = `Checks the consent ledger and the audit log, and takes them out for others to check.

  npx timbre-audit verify [--tenant T] [--ledger L] [--head HASH:COUNT | --heads FILE]
  npx timbre-audit head   [--tenant T] [--ledger L]
  npx timbre-audit export --tenant T [--ledger L] [--from TIME] [--to TIME]
  npx timbre-audit verify-receipt FILE --key FILE

  verify   reads every row and names each that was changed, removed or put elsewhere
  head     prints "TENANT LEDGER HASH:COUNT" for each chain: keep it where nobody who can write the database can reach it.
           A chain that was written anew, or cut off with its head, can be told only by a head noted before
  export   prints JSON Lines, each with what its hash was made of (docs/privacy-ledger.md); by default the audit log
  verify-receipt   says whether an erasure receipt is genuine: FILE as Timbre answered it, the key as published at
           /.well-known/timbre-receipt-keys. Asks neither network nor database

  --tenant   name or id (default: all)
  --ledger   ${ledgers.join(' or ')} (default: both)
  --head     a head noted earlier; needs --tenant and --ledger
  --heads    a file with the output of an earlier timbre-audit head
  --from, --to   ISO 8601, up to but not with --to

Ends with 0 when all is whole, 1 when something is not, 2 when asked wrongly, 3 when it could not be checked.
The database is the one the service uses (DATABASE_URL, or TIMBRE_DATA_DIR with the service running or not).
`;

export interface Anchor {
  readonly tenant: string;
  readonly ledger: LedgerName;
  readonly head: ChainHead;
}

export interface Asked {
  readonly command: 'verify' | 'head' | 'export';
  readonly tenant: string | undefined;
  readonly ledger: LedgerName | undefined;
  readonly head: ChainHead | undefined;
  readonly heads: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

export class UsageError extends Error {}

const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-03-01T00:00:00Z' })
  .transform((text) => new Date(text));
const head = z
  .string()
  .regex(/^[0-9a-f]{64}:\d{1,15}$/, 'HASH:COUNT as timbre-audit head prints it')
  .transform(toHead);
const askedSchema = z.strictObject({
  tenant: z.string().min(1).optional(),
  ledger: z.enum(ledgers).optional(),
  head: head.optional(),
  heads: z.string().min(1).optional(),
  from: time.optional(),
  to: time.optional(),
});
const only: Record<Asked['command'], readonly string[]> = {
  verify: ['tenant', 'ledger', 'head', 'heads'],
  head: ['tenant', 'ledger'],
  export: ['tenant', 'ledger', 'from', 'to'],
};

/** Undefined: help was asked for. Throws UsageError. */
export function parseArguments(args: readonly string[]): Asked | undefined {
  const option = { type: 'string' } as const;
  const options = { tenant: option, ledger: option, head: option, heads: option, from: option, to: option };
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { help, ...given } = parsed.values;
  if (help === true) return undefined;
  const [command, ...more] = parsed.positionals;
  if ((command !== 'verify' && command !== 'head' && command !== 'export') || more.length > 0)
    throw new UsageError('verify, head, export or verify-receipt is wanted');
  const strange = Object.keys(given).find((name) => !only[command].includes(name));
  if (strange !== undefined) throw new UsageError(`--${strange} does not go with ${command}`);
  const read = askedSchema.safeParse({ ...given });
  if (!read.success)
    throw new UsageError(
      read.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'),
    );
  const { tenant, ledger, head, heads, from, to } = read.data;
  if (head !== undefined && (tenant === undefined || ledger === undefined))
    throw new UsageError('--head is of one chain: say --tenant and --ledger');
  if (head !== undefined && heads !== undefined) throw new UsageError('--head or --heads, not both');
  if (command === 'export' && tenant === undefined) throw new UsageError('--tenant is wanted');
  return { command, tenant, ledger, head, heads, from, to };
}

/** What `timbre-audit head` printed. Throws UsageError. */
export function parseHeads(text: string): Anchor[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [tenant, ledger, noted] = line.trim().split(/\s+/);
      const read = z.tuple([z.uuid(), z.enum(ledgers), head]).safeParse([tenant, ledger, noted]);
      if (!read.success) throw new UsageError(`--heads: not a line of timbre-audit head: ${line}`);
      return { tenant: read.data[0], ledger: read.data[1], head: read.data[2] };
    });
}

function toHead(text: string): ChainHead {
  const [hash = '', count] = text.split(':');
  return { hash: Buffer.from(hash, 'hex'), count: Number(count) };
}
