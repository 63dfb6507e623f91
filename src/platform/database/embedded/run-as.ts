import { execFileSync } from 'node:child_process';
import { chmodSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The account PostgreSQL runs under; undefined: this process's own. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

const name = 'postgres';

/** PostgreSQL refuses to run as root: then it runs as the system's `postgres` account, which is made when there is none. */
export function accountForPostgres(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return account() ?? createdAccount();
}

/** Throws with what to do when the account cannot get to the path; Timbre's own data directory is opened for passage. */
export function ensureReachable(path: string, runAs: RunAs, ownFolder: string | undefined): void {
  const real = realpathSync(path);
  for (let folder = real; ; folder = dirname(folder)) {
    if (!mayPass(folder, runAs)) {
      if (ownFolder !== undefined && folder === realpathSync(ownFolder)) chmodSync(folder, 0o711);
      else {
        throw new Error(
          `PostgreSQL cannot run as root, and the account ${name} it runs as may not pass through ${folder} to reach ${real}. ` +
            `Run Timbre as an ordinary user, or move it out of ${folder} (for the data: set TIMBRE_DATA_DIR), or set DATABASE_URL to a PostgreSQL of your own`,
        );
      }
    }
    if (folder === dirname(folder)) return;
  }
}

function mayPass(path: string, runAs: RunAs): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === runAs.uid) return (mode & 0o100) !== 0;
  if (gid === runAs.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function account(): RunAs | undefined {
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function id(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

function createdAccount(): RunAs {
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
      {
        stdio: 'ignore',
      },
    );
  } catch {
    throw new Error(
      `PostgreSQL cannot run as root and the account ${name} could not be made: make it (useradd --system ${name}), run Timbre as an ordinary user, or set DATABASE_URL`,
    );
  }
  const made = account();
  if (made === undefined) throw new Error(`The account ${name} was made but is not found`);
  return made;
}
