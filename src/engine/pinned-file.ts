import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The model's files are not what its manifest says (or not a model at all): the service must not start with it. */
export class ModelRefusedError extends Error {
  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
    this.name = 'ModelRefusedError';
  }
}

/** Reads a file and holds it against its hash. */
export async function readPinnedFile(path: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new ModelRefusedError(
      path,
      `can't be read (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new ModelRefusedError(path, `expected sha256 ${sha256}, found ${found}`);
  return bytes;
}

export function expectEqual(
  where: string,
  what: string,
  expected: string | number,
  found: string | number,
): void {
  if (expected !== found) throw new ModelRefusedError(where, `${what}: expected ${expected}, found ${found}`);
}
