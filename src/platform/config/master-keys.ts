import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../error-code.js';

export interface MasterKeyList {
  readonly current: Buffer;
  readonly previous: readonly Buffer[];
}

/** The text of a key file, or of a list of keys: base64, the one in use first. Undefined when one is no key, or there is none. */
export function parseMasterKeys(text: string): MasterKeyList | undefined {
  const keys = text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => (/^[A-Za-z0-9+/]{43}=$/.test(word) ? Buffer.from(word, 'base64') : Buffer.alloc(0)));
  const [current, ...previous] = keys;
  if (current === undefined || keys.some((key) => key.length !== 32)) return undefined;
  return { current, previous };
}

/** Throws when the file cannot be read or holds something else. */
export function readMasterKeys(path: string): MasterKeyList {
  const keys = parseMasterKeys(readFileSync(path, 'utf8'));
  if (keys === undefined) throw new Error(`32 bytes in base64 in ${path}: the file is damaged, restore it`);
  return keys;
}

/** For the embedded database: made once, for its owner alone. Returns the path. */
export function generatedKeyFile(dataDir: string): string {
  const path = join(dataDir, 'master.key');
  // Whoever may list the data directory must not read keys: the file is made for its owner alone.
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  return path;
}

/** Written aside and renamed: a crash leaves the old file or the new one, and a running Timbre never reads half of one. */
export function writeMasterKeys(path: string, { current, previous }: MasterKeyList): void {
  const draft = `${path}.new`;
  writeFileSync(draft, [current, ...previous].map((key) => `${key.toString('base64')}\n`).join(''), {
    mode: 0o600,
  });
  renameSync(draft, path);
}
