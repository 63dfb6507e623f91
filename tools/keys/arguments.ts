import { parseArgs } from 'node:util';

export const usage = `Looks after keys, whether or not the service runs; live calls are not disturbed (docs/keys-and-erasure.md).

  npx timbre-keys status
  npx timbre-keys rotate-tenant --tenant T
  npx timbre-keys rotate-master [--new-key]
  npx timbre-keys forget-previous
  npx timbre-keys accept-store --instead-of STORE

  status            which master key wraps each tenant, and what is still to be sealed anew
  rotate-tenant     a new key for the tenant (name or id); everything it wraps is wrapped anew in batches. Broken off, it goes
                    on when it is run again, or by the running service itself
  rotate-master     wraps every tenant's keys by the master key that is configured now. --new-key first makes one in the key
                    file (TIMBRE_MASTER_KEY_FILE, or master.key in the data directory), which a running service takes up
  forget-previous   takes earlier master keys out of the key file, once no tenant needs them
  accept-store      when the key store that the database names is lost for good: from now on it goes with the one that is configured.
                    STORE is the id that the database names. Voiceprints whose halves are not in the new one stay lost

Ends with 0 when it is done, 1 when something is still outstanding, 2 when asked wrongly, 3 when it failed.
`;

export type KeyAsked =
  | { readonly command: 'status' | 'forget-previous' }
  | { readonly command: 'rotate-tenant'; readonly tenant: string }
  | { readonly command: 'rotate-master'; readonly newKey: boolean };
export type Asked = KeyAsked | { readonly command: 'accept-store'; readonly insteadOf: string };

export class UsageError extends Error {}

/** Undefined: help was asked for. Throws UsageError. */
export function parseArguments(args: readonly string[]): Asked | undefined {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: {
        tenant: { type: 'string' },
        'new-key': { type: 'boolean' },
        'instead-of': { type: 'string' },
        help: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { tenant, 'new-key': newKey = false, 'instead-of': insteadOf, help } = parsed.values;
  if (help === true) return undefined;
  const [command, ...more] = parsed.positionals;
  if (more.length > 0) throw new UsageError(`too many words: ${more.join(' ')}`);
  if (tenant !== undefined && command !== 'rotate-tenant')
    throw new UsageError('--tenant goes with rotate-tenant');
  if (insteadOf !== undefined && command !== 'accept-store')
    throw new UsageError('--instead-of goes with accept-store');
  if (newKey && command !== 'rotate-master') throw new UsageError('--new-key goes with rotate-master');
  switch (command) {
    case 'status':
    case 'forget-previous':
      return { command };
    case 'rotate-tenant':
      if (tenant === undefined) throw new UsageError('--tenant is wanted');
      return { command, tenant };
    case 'rotate-master':
      return { command, newKey };
    case 'accept-store':
      if (insteadOf === undefined) throw new UsageError('--instead-of is wanted');
      return { command, insteadOf };
    case undefined:
    default:
      throw new UsageError('status, rotate-tenant, rotate-master, forget-previous or accept-store is wanted');
  }
}
