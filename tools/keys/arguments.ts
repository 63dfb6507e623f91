import { parseArgs } from 'node:util';

export const usage = `Looks after keys, whether or not the service runs; live calls are not disturbed (docs/keys-and-erasure.md).

  npx timbre-keys status
  npx timbre-keys rotate-tenant --tenant T
  npx timbre-keys rotate-master [--new-key]
  npx timbre-keys forget-previous

  status            which master key wraps each tenant, and what is still to be sealed anew
  rotate-tenant     a new key for the tenant (name or id); everything it wraps is wrapped anew in batches. Broken off, it goes
                    on when it is run again, or by the running service itself
  rotate-master     wraps every tenant's keys by the master key that is configured now. --new-key first makes one in the key
                    file (TIMBRE_MASTER_KEY_FILE, or master.key in the data directory), which a running service takes up
  forget-previous   takes earlier master keys out of the key file, once no tenant needs them

Ends with 0 when it is done, 1 when something is still outstanding, 2 when asked wrongly, 3 when it failed.
`;

export type Asked =
  | { readonly command: 'status' | 'forget-previous' }
  | { readonly command: 'rotate-tenant'; readonly tenant: string }
  | { readonly command: 'rotate-master'; readonly newKey: boolean };

export class UsageError extends Error {}

/** Undefined: help was asked for. Throws UsageError. */
export function parseArguments(args: readonly string[]): Asked | undefined {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { tenant: { type: 'string' }, 'new-key': { type: 'boolean' }, help: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { tenant, 'new-key': newKey = false, help } = parsed.values;
  if (help === true) return undefined;
  const [command, ...more] = parsed.positionals;
  if (more.length > 0) throw new UsageError(`too many words: ${more.join(' ')}`);
  if (tenant !== undefined && command !== 'rotate-tenant')
    throw new UsageError('--tenant goes with rotate-tenant');
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
    case undefined:
    default:
      throw new UsageError('status, rotate-tenant, rotate-master or forget-previous is wanted');
  }
}
