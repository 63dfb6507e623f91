import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { planFrontEnd, type FrontEndPlan } from '../core/features/front-end-plan.js';
import { modelManifestSchema, type ModelManifest } from '../core/features/manifest.js';

/** The model's files are not what its manifest says (or not a model at all): the service must not start with it. */
export class ModelRefusedError extends Error {
  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
    this.name = 'ModelRefusedError';
  }
}

export interface ModelFolder {
  readonly path: string;
  readonly manifest: ModelManifest;
  readonly frontEnd: FrontEndPlan;
  /** The ONNX file's very bytes that were hashed. */
  readonly onnx: Buffer;
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

async function readManifest(path: string): Promise<ModelManifest> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ModelRefusedError(
      path,
      `can't be read (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ModelRefusedError(path, `is not JSON (${String(error)})`);
  }
  const parsed = modelManifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ModelRefusedError(path, issues.join('; '));
}

function expectEqual(where: string, what: string, expected: string | number, found: string | number): void {
  if (expected !== found) throw new ModelRefusedError(where, `${what}: expected ${expected}, found ${found}`);
}

function plan(path: string, manifest: ModelManifest): FrontEndPlan {
  try {
    return planFrontEnd(manifest.frontEnd);
  } catch (error) {
    throw new ModelRefusedError(path, error instanceof Error ? error.message : String(error));
  }
}

/** Reads models/<id>/ and checks everything that can be checked without running the network; the worker checks the rest. */
export async function readModelFolder(directory: string): Promise<ModelFolder> {
  const path = resolve(directory);
  const manifestPath = join(path, 'manifest.json');
  const manifest = await readManifest(manifestPath);
  expectEqual(manifestPath, 'id (the folder has the same name)', basename(path), manifest.id);
  expectEqual(
    manifestPath,
    'calibration.modelSha256 (fitted on this very model)',
    manifest.sha256,
    manifest.calibration.modelSha256,
  );
  expectEqual(
    manifestPath,
    'input.shape[2] (frontEnd.melBands)',
    manifest.frontEnd.melBands,
    manifest.input.shape[2],
  );
  const frontEnd = plan(manifestPath, manifest);
  const onnx = await readPinnedFile(join(path, manifest.file), manifest.sha256);
  const cohortPath = join(path, manifest.cohort.file);
  const cohort = await readPinnedFile(cohortPath, manifest.cohort.sha256);
  expectEqual(
    cohortPath,
    'bytes (count × embedding × 4)',
    manifest.cohort.count * manifest.output.shape[1] * 4,
    cohort.length,
  );
  return { path, manifest, frontEnd, onnx };
}
