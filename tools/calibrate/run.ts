import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { littleEndianFloats, readModelFolder } from '../../src/engine/model-folder.js';
import { readPinnedFile } from '../../src/engine/pinned-file.js';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { calibrationPlot } from '../evaluate/plots.js';
import { showProgress } from '../evaluate/progress.js';
import type { CalibrateOptions } from './arguments.js';
import { reachedSeconds, trialsAt } from './at-seconds.js';
import { calibrate, type Outcome } from './calibrate.js';
import { gather, type Material } from './material.js';
import { fittedManifest } from './fitted-manifest.js';
import { toMarkdown } from './report.js';
import { centreOf } from './variants.js';

/** Fits, writes what was found, and gives the report back. `say`: a line for each candidate. */
export async function run(options: CalibrateOptions, say: (text: string) => void): Promise<string> {
  const { manifest, path } = await readModelFolder(options.model);
  const engine = await createEngine({ modelDir: options.model, workers: 1 });
  let material: Material;
  try {
    material = await gather(engine, options, showProgress);
  } finally {
    await engine.shutdown();
  }
  const cohortBytes = await readPinnedFile(join(path, manifest.cohort.file), manifest.cohort.sha256);
  const size = engine.model.embeddingSize;
  const cohort = { numbers: littleEndianFloats(cohortBytes), size };
  const outcome = calibrate(material, engine.model, cohort, say);
  const centre = outcome.chosen.variant.centring
    ? littleEndianBytes(centreOf(material.calls, size))
    : undefined;
  const trialsSha256 = sha256Of(await readFile(options.trials));
  const next = fittedManifest(manifest, material, outcome, {
    data: `${basename(dirname(options.trials))}/${basename(options.trials)}`,
    dataSha256: trialsSha256,
    date: new Date().toISOString().slice(0, 10),
    centreSha256: centre && sha256Of(centre),
  });
  const markdown = toMarkdown(outcome, material, manifest.id);
  await mkdir(options.out, { recursive: true });
  await writeFile(join(options.out, 'report.md'), markdown);
  await writeFile(join(options.out, 'report.json'), toJson(outcome, material));
  for (const seconds of reachedSeconds(material.comparisons)) {
    const trials = trialsAt(material.comparisons, outcome.chosen.llrs, seconds);
    await writeFile(join(options.out, `calibration-${seconds}s.svg`), calibrationPlot(trials));
  }
  for (const folder of options.write ? [options.out, path] : [options.out]) {
    if (centre) await replaceFile(join(folder, 'centre.f32'), centre);
    await replaceFile(join(folder, 'manifest.json'), `${JSON.stringify(next, null, 2)}\n`);
  }
  return markdown;
}

function toJson(
  { chosen, calibration, variants, terms, cllrBefore, cllrFitted, repeated, impostorTails }: Outcome,
  { trials }: Material,
) {
  const shown = ({ name, terms: names, cllr, at }: (typeof variants)[number]) => ({
    name,
    terms: names,
    cllr,
    at,
  });
  const report = {
    trials,
    chosen: shown(chosen),
    calibration,
    cllrBefore,
    cllrFitted,
    variants: variants.map(shown),
    terms: terms.map(shown),
    repeated,
    impostorTails,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** A run that is stopped leaves no half-written file in a model's folder. */
async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

function littleEndianBytes(numbers: Float32Array): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((value, i) => bytes.writeFloatLE(value, i * 4));
  return bytes;
}

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
