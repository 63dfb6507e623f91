import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { planFrontEnd, type FrontEndPlan } from '../core/features/front-end-plan.js';
import {
  embeddingSizeOf,
  melBandsOf,
  modelManifestSchema,
  type ModelManifest,
} from '../core/features/manifest.js';
import { readCohort, type ScoreNormalisation } from '../core/speaker/normalisation.js';
import type { ScoringModel } from '../core/speaker/scoring.js';
import type { ImpostorTail } from '../core/watchlist/impostor-tail.js';
import { readNetworks, type Networks } from './model-networks.js';
import { expectEqual, ModelRefusedError, readPinnedFile } from './pinned-file.js';

export interface ModelFolder {
  readonly path: string;
  readonly manifest: ModelManifest;
  readonly frontEnd: FrontEndPlan;
  readonly networks: Networks;
  /** What of the folder's files takes part in scoring. */
  readonly scoring: Pick<ScoringModel, 'centre' | 'normalisation'>;
  /** Undefined: nobody has measured it. */
  readonly impostorTail: ImpostorTail | undefined;
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

function plan(path: string, manifest: ModelManifest): FrontEndPlan {
  try {
    return planFrontEnd(manifest.frontEnd);
  } catch (error) {
    throw new ModelRefusedError(path, error instanceof Error ? error.message : String(error));
  }
}

/** A calibration is of use only for the scores it was fitted to. */
function expectFittedTo(where: string, manifest: ModelManifest): void {
  const { sha256, centre, normalisation, calibration, impostorTail } = manifest;
  const topN = normalisation.kind === 'none' ? 'none' : normalisation.topN;
  const fittedTopN = calibration.normalisedTopN ?? 'none';
  expectEqual(where, 'centre.modelSha256 (fitted on this very model)', sha256, centre?.modelSha256 ?? sha256);
  const centreSha256 = centre?.sha256 ?? 'none';
  expectEqual(where, 'calibration.centreSha256', centreSha256, calibration.centreSha256 ?? 'none');
  expectEqual(where, 'calibration.normalisedTopN', topN, fittedTopN);
  if (!impostorTail) return;
  expectEqual(
    where,
    'impostorTail.modelSha256 (fitted on this very model)',
    sha256,
    impostorTail.modelSha256,
  );
  expectEqual(where, 'impostorTail.centreSha256', centreSha256, impostorTail.centreSha256 ?? 'none');
}

async function readScoring(
  path: string,
  manifest: ModelManifest,
  against: (topN: number) => ScoreNormalisation,
): Promise<ModelFolder['scoring']> {
  const { centre, normalisation } = manifest;
  const size = embeddingSizeOf(manifest);
  const scoring: { centre?: Float32Array; normalisation?: ScoringModel['normalisation'] } = {};
  if (centre) {
    const bytes = await readPinnedFile(join(path, centre.file), centre.sha256);
    expectEqual(join(path, centre.file), 'bytes (embedding × 4)', size * 4, bytes.length);
    scoring.centre = littleEndianFloats(bytes);
  }
  if (normalisation.kind === 'adaptive-symmetric') scoring.normalisation = against(normalisation.topN);
  return scoring;
}

/** The `topN` nearest of the cohort, which lies about its own centre where voices are centred. */
function cohortOf(path: string, manifest: ModelManifest, bytes: Buffer) {
  const { centre, cohort } = manifest;
  const voices = readCohort(littleEndianFloats(bytes), embeddingSizeOf(manifest), centre !== undefined);
  return (topN: number): ScoreNormalisation => {
    if (topN > cohort.count)
      throw new ModelRefusedError(path, `the nearest ${topN} are asked for of a cohort of ${cohort.count}`);
    return { topN, cohort: voices };
  };
}

function readImpostorTail(
  { impostorTail }: ModelManifest,
  against: (topN: number) => ScoreNormalisation,
): ImpostorTail | undefined {
  if (!impostorTail) return undefined;
  const { mean, sd, normalisedTopN } = impostorTail;
  return { mean, sd, normalisation: normalisedTopN == null ? undefined : against(normalisedTopN) };
}

export function littleEndianFloats(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
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
  expectFittedTo(manifestPath, manifest);
  expectEqual(
    manifestPath,
    'bands of the network (frontEnd.melBands)',
    manifest.frontEnd.melBands,
    melBandsOf(manifest),
  );
  const frontEnd = plan(manifestPath, manifest);
  const networks = await readNetworks(path, manifest);
  const cohortPath = join(path, manifest.cohort.file);
  const cohort = await readPinnedFile(cohortPath, manifest.cohort.sha256);
  expectEqual(
    cohortPath,
    'bytes (count × embedding × 4)',
    manifest.cohort.count * embeddingSizeOf(manifest) * 4,
    cohort.length,
  );
  const against = cohortOf(path, manifest, cohort);
  const scoring = await readScoring(path, manifest, against);
  return { path, manifest, frontEnd, networks, scoring, impostorTail: readImpostorTail(manifest, against) };
}

/** The folders of the models that are served side by side, the current one first. */
export async function readModelFolders(
  directories: readonly [string, ...string[]],
): Promise<[ModelFolder, ...ModelFolder[]]> {
  const [first, ...rest] = directories;
  const folders: [ModelFolder, ...ModelFolder[]] = [await readModelFolder(first)];
  for (const directory of rest) {
    const folder = await readModelFolder(directory);
    // Voiceprints carry their model's id: under one id there can be one model only.
    const twin = folders.find(({ manifest }) => manifest.id === folder.manifest.id);
    if (twin) throw new ModelRefusedError(folder.path, twice(folder, twin));
    folders.push(folder);
  }
  return folders;
}

function twice(folder: ModelFolder, twin: ModelFolder): string {
  const { id, sha256 } = folder.manifest;
  if (folder.path === twin.path) return `the model ${id} is given twice; each folder is named once`;
  return sha256 === twin.manifest.sha256
    ? `the model ${id} is also in ${twin.path}; give one of the two folders`
    : `another model of the id ${id} is in ${twin.path} (sha256 ${twin.manifest.sha256}, here ${sha256}): give the newer one an id of its own`;
}
