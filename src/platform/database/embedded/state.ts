import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const stateSchema = z.strictObject({
  /** Where it listens, or last listened; 0 before the first start. */
  port: z.int().min(0).max(65_535),
  adminPassword: z.string().min(20),
  password: z.string().min(20),
});

export type EmbeddedState = z.infer<typeof stateSchema>;

const path = (dataDir: string): string => join(dataDir, 'database.json');
const newPassword = (): string => randomBytes(24).toString('base64url');

export function readState(dataDir: string): EmbeddedState | undefined {
  if (!existsSync(path(dataDir))) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path(dataDir), 'utf8')));
  } catch {
    throw new Error(
      `${path(dataDir)} is damaged: restore it from a backup, it holds the database's passwords`,
    );
  }
}

/** Written aside and renamed: a crash leaves the old file or the new one, never half of one. */
export function writeState(dataDir: string, state: EmbeddedState): void {
  const draft = `${path(dataDir)}.new`;
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, path(dataDir));
}

export function firstState(): EmbeddedState {
  return { port: 0, adminPassword: newPassword(), password: newPassword() };
}

/** As the service's own role: no superuser, bound by row-level security. */
export function serviceUrl(state: EmbeddedState): string {
  return `postgres://timbre:${state.password}@127.0.0.1:${state.port}/timbre`;
}

/** A database of its own, so that a dump of the other one holds no half of a key. */
export function keysUrl(state: EmbeddedState): string {
  return `postgres://timbre:${state.password}@127.0.0.1:${state.port}/timbre_keys`;
}

export function adminUrl(state: EmbeddedState): string {
  return `postgres://postgres:${state.adminPassword}@127.0.0.1:${state.port}/postgres`;
}
