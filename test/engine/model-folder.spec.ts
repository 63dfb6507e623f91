import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { readModelFolder } from '../../src/engine/model-folder.js';
import { clip, modelDir, record } from './support.js';

type Json = Record<string, unknown>;
let folder: string;
let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'timbre-model-'));
  folder = join(base, 'next-model-9');
  cpSync(modelDir, folder, { recursive: true });
  changeManifest((manifest) => ({ ...manifest, id: 'next-model-9' }));
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

function changeManifest(change: (manifest: Json) => Json): void {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Json)));
}

function flipLastByte(file: string): void {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}

const inside = (manifest: Json, key: string): Json => manifest[key] as Json;

describe('a model folder', () => {
  it('is all that a next model needs', async () => {
    const engine = await createEngine({ modelDir: folder, workers: 1 });
    expect(engine.model).toMatchObject({
      id: 'next-model-9',
      embeddingSize: 192,
      segment: { lengthMs: 3000, hopMs: 1000 },
    });
    const { stream, segments } = record(engine);
    stream.push(clip('allison'));
    await stream.flush();
    await engine.shutdown();
    expect(engine.model).toMatchObject({
      id: 'next-model-9',
      embeddingSize: 192,
      segment: { lengthMs: 3000, hopMs: 1000 },
    });
    expect(segments().length).toBeGreaterThan(0);
  });

  it.each(['model.onnx', 'cohort.f32'])(
    'is refused when %s is not the file that was hashed',
    async (file) => {
      flipLastByte(file);
      await expect(createEngine({ modelDir: folder, workers: 1 })).rejects.toThrow(
        new RegExp(`${file}: expected sha256 [0-9a-f]{64}, found [0-9a-f]{64}`),
      );
    },
  );

  it('is refused when the calibration was fitted on another model', async () => {
    const other = '0'.repeat(64);
    changeManifest((manifest) => ({
      ...manifest,
      calibration: { ...inside(manifest, 'calibration'), modelSha256: other },
    }));
    await expect(readModelFolder(folder)).rejects.toThrow(
      /calibration\.modelSha256 .*: expected c8af0b5c.*, found 0000/,
    );
  });

  it.each([
    ['centre', 'centre.modelSha256 (fitted on this very model)'],
    ['impostorTail', 'impostorTail.modelSha256 (fitted on this very model)'],
  ])('is refused when its %s was fitted on another model', async (part, named) => {
    changeManifest((manifest) => ({
      ...manifest,
      [part]: { ...inside(manifest, part), modelSha256: '0'.repeat(64) },
    }));
    await expect(readModelFolder(folder)).rejects.toThrow(named);
  });

  it('is refused when its scores are not those that the calibration was fitted to', async () => {
    changeManifest((manifest) => ({
      ...manifest,
      normalisation: { kind: 'adaptive-symmetric', topN: 77, reason: 'a test' },
    }));
    await expect(readModelFolder(folder)).rejects.toThrow(
      'calibration.normalisedTopN: expected 77, found none',
    );
    changeManifest((manifest) => ({
      ...manifest,
      normalisation: { kind: 'none', reason: 'a test' },
      centre: undefined,
    }));
    await expect(readModelFolder(folder)).rejects.toThrow('calibration.centreSha256: expected none, found');
  });

  it('says what strangers score, and against how many of the cohort, which must hold as many', async () => {
    const normalisedBy = (normalisedTopN: number | null) => (manifest: Json) => ({
      ...manifest,
      impostorTail: { ...inside(manifest, 'impostorTail'), normalisedTopN },
    });
    changeManifest(normalisedBy(null));
    expect((await readModelFolder(folder)).impostorTail?.normalisation).toBeUndefined();
    changeManifest(normalisedBy(60));
    const normalisation = (await readModelFolder(folder)).impostorTail?.normalisation;
    expect(normalisation?.topN).toBe(60);
    expect(normalisation?.cohort).toHaveLength(400);
    changeManifest(normalisedBy(401));
    await expect(readModelFolder(folder)).rejects.toThrow('the nearest 401 are asked for of a cohort of 400');
  });

  it('is refused under another name', async () => {
    changeManifest((manifest) => ({ ...manifest, id: 'timbre-sv-8k-v1' }));
    await expect(readModelFolder(folder)).rejects.toThrow('expected next-model-9, found timbre-sv-8k-v1');
  });

  it('is refused when its front end is one we do not have', async () => {
    changeManifest((manifest) => ({
      ...manifest,
      frontEnd: { ...inside(manifest, 'frontEnd'), melScale: 'Bark' },
    }));
    await expect(readModelFolder(folder)).rejects.toThrow('frontEnd.melScale: expected a text like');
  });

  it('is refused when the network takes or gives something else than the manifest says', async () => {
    changeManifest((manifest) => ({
      ...manifest,
      input: { ...inside(manifest, 'input'), name: 'waveform' },
    }));
    await expect(createEngine({ modelDir: folder, workers: 1 })).rejects.toThrow(
      'input: expected waveform float32 [batch, frames, 61], found mel float32 [batch, frames, 61]',
    );
  });

  it('is refused when the embedding has another size', async () => {
    changeManifest((manifest) => ({
      ...manifest,
      output: { ...inside(manifest, 'output'), shape: ['batch', 256] },
      cohort: { ...inside(manifest, 'cohort'), count: 300 },
      centre: undefined,
      calibration: { ...inside(manifest, 'calibration'), centreSha256: null },
      impostorTail: undefined,
    }));
    await expect(createEngine({ modelDir: folder, workers: 1 })).rejects.toThrow(
      'output: expected embedding float32 [batch, 256], found embedding float32 [batch, 192]',
    );
  });

  it('is refused when the cohort is not as large as it says', async () => {
    changeManifest((manifest) => ({ ...manifest, cohort: { ...inside(manifest, 'cohort'), count: 401 } }));
    await expect(readModelFolder(folder)).rejects.toThrow('expected 307968, found 307200');
  });

  it.each([
    ['an unknown field', (manifest: Json): Json => ({ ...manifest, colour: 'blue' }), 'colour'],
    ['a missing field', (manifest: Json): Json => ({ ...manifest, minFrames: undefined }), 'minFrames'],
    [
      'a file outside the folder',
      (manifest: Json): Json => ({ ...manifest, file: '../model.onnx' }),
      'a file name inside',
    ],
  ])('is refused for %s in its manifest', async (_, change, named) => {
    changeManifest(change);
    await expect(readModelFolder(folder)).rejects.toThrow(named);
  });

  it('is refused when there is none, or its manifest is no JSON', async () => {
    await expect(readModelFolder(join(base, 'none'))).rejects.toThrow("can't be read");
    writeFileSync(join(folder, 'manifest.json'), '{');
    await expect(readModelFolder(folder)).rejects.toThrow('is not JSON');
  });

  it('is refused with segments that the model is too short-sighted for', async () => {
    await expect(
      createEngine({ modelDir: folder, workers: 1, segment: { lengthMs: 500, hopMs: 100 } }),
    ).rejects.toThrow('segments of 500 ms every 100 ms: expected 100 frames or more');
  });
});
