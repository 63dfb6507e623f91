import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModelFolder } from '../../src/engine/model-folder.js';
import { run as runCalibrate } from '../../tools/calibrate/run.js';
import { run as runEvaluate } from '../../tools/evaluate/run.js';
import { modelDir } from '../engine/support.js';

const speech = join(import.meta.dirname, '../../samples/speech');
const people = readdirSync(speech);
const recordings = ['enrol-2', 'call-1', 'call-2'];
let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);

/** Three recordings of each of five people, each as a call of its own, every call against every other. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timbre-evaluate-'));
  const calls = people.flatMap((person) =>
    recordings.map((recording) => {
      const call = `${person}/${recording}`;
      mkdirSync(at('audio', call), { recursive: true });
      cpSync(join(speech, `${call}.wav`), at('audio', call, 'u001.wav'));
      return call;
    }),
  );
  const person = (call: string): string => call.split('/')[0] ?? '';
  const rows = calls.flatMap((enrol) =>
    calls
      .filter((probe) => probe !== enrol)
      .map(
        (probe) => `${person(enrol) === person(probe) ? 'target' : 'nontarget'}\t${enrol}\t${probe}\tu001`,
      ),
  );
  writeFileSync(at('trials.tsv'), ['label\tenrolCall\tprobeCall\tprobeUtterances', ...rows, ''].join('\n'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const options = (model: string, out: string) => ({
  audio: at('audio'),
  trials: at('trials.tsv'),
  out: at(out),
  model,
  cache: at('cache'),
});

interface Report {
  model: { id: string; sha256: string; calibration: { data: string; date: string } };
  trials: { target: number; nontarget: number };
  eer: number;
  minDcf01: number;
  cllr: number;
  frrAtFar: Record<string, number>;
}

describe('five people’s real speech, through the real model', () => {
  it('is told apart, and the report says how well and by what', async () => {
    const markdown = await runEvaluate(options(modelDir, 'first'));
    const report = JSON.parse(readFileSync(at('first', 'report.json'), 'utf8')) as Report;
    expect(report.trials).toMatchObject({ target: 30, nontarget: 180 });
    expect(report.model).toMatchObject({
      id: 'timbre-sv-8k-v1',
      calibration: { data: expect.stringContaining('telephone-dev') },
    });
    // Studio recordings of five people, one text a language: far easier than telephone calls.
    expect(report.eer).toBeLessThan(0.1);
    expect(report.cllr).toBeLessThan(0.5);
    expect(report.minDcf01).toBeLessThan(1);
    expect(report.frrAtFar['0.01'] ?? NaN).toBeLessThanOrEqual(report.frrAtFar['0.001'] ?? NaN);
    expect(markdown).toContain('Calibration fitted');
    expect(readdirSync(at('first'))).toEqual(
      expect.arrayContaining(['calibration.svg', 'det.svg', 'histogram.svg', 'report.md']),
    );
  }, 120_000);

  it('is heard once: a second run takes it from the cache and finds the same', async () => {
    const files = readdirSync(at('cache'));
    expect(files).toHaveLength(15);
    const times = files.map((file) => statSync(at('cache', file)).mtimeMs);
    await runEvaluate(options(modelDir, 'second'));
    expect(readdirSync(at('cache')).map((file) => statSync(at('cache', file)).mtimeMs)).toEqual(times);
    expect(readFileSync(at('second', 'report.json'))).toEqual(readFileSync(at('first', 'report.json')));
  });

  it('makes a calibration that the product starts with, and that says where it comes from', async () => {
    const model = at('timbre-sv-8k-v1');
    cpSync(modelDir, model, { recursive: true });
    const said: string[] = [];
    await runCalibrate({ ...options(model, 'calibrated'), write: true }, (line) => said.push(line));
    const { manifest } = await readModelFolder(model);
    expect(manifest.calibration).toMatchObject({
      trials: { target: 30, nontarget: 180 },
      modelSha256: manifest.sha256,
      centreSha256: manifest.centre?.sha256 ?? null,
    });
    expect(manifest.calibration.cllrCrossValidatedByCaller).toBeLessThan(1);
    expect(said.some((line) => line.startsWith('centred, AS-norm, top 100'))).toBe(true);
  }, 120_000);
});
