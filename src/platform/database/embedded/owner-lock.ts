import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../error-code.js';
import { processIdentity } from './process-identity.js';

const ownerSchema = z.strictObject({ pid: z.int().positive(), identity: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/** Another live Timbre runs the embedded database of this data directory. */
export class DataDirInUse extends Error {
  constructor(
    readonly dataDir: string,
    readonly pid: number,
  ) {
    super(
      `Another Timbre (process ${pid}) is using ${dataDir}: stop it, or give this one a TIMBRE_DATA_DIR of its own, or a DATABASE_URL that both may use`,
    );
    this.name = 'DataDirInUse';
  }
}

const path = (dataDir: string): string => join(dataDir, 'owner.json');

/** Who runs the embedded database of this directory now; undefined when nobody does. */
export function liveOwner(dataDir: string): number | undefined {
  const owner = readOwner(path(dataDir));
  return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
}

/** Makes this process the owner of the directory, or throws DataDirInUse. Returns the function that gives it up. */
export function ownDataDir(dataDir: string): () => void {
  const mine: Owner = { pid: process.pid, identity: processIdentity(process.pid) ?? String(process.pid) };
  const draft = join(dataDir, `owner.${process.pid}.json`);
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    while (!linked(draft, path(dataDir))) removeStale(dataDir);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (readOwner(path(dataDir))?.identity === mine.identity) rmSync(path(dataDir), { force: true });
  };
}

/** A hard link is made whole or not at all: two processes can't both make it. */
function linked(draft: string, target: string): boolean {
  try {
    linkSync(draft, target);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function removeStale(dataDir: string): void {
  const owner = readOwner(path(dataDir));
  if (owner !== undefined && isAlive(owner)) throw new DataDirInUse(dataDir, owner.pid);
  const aside = join(dataDir, `owner.${process.pid}.stale`);
  try {
    renameSync(path(dataDir), aside);
  } catch {
    return; // somebody else was quicker; look again
  }
  const moved = readOwner(aside);
  // Between the look and the move another process may have become the owner: give its file back.
  if (moved !== undefined && isAlive(moved)) linked(aside, path(dataDir));
  rmSync(aside, { force: true });
}

function isAlive(owner: Owner): boolean {
  return processIdentity(owner.pid) === owner.identity;
}

function readOwner(file: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
