import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeL16 } from '../../src/core/audio/pcm.js';
import { planFrontEnd } from '../../src/core/features/front-end-plan.js';
import { modelManifestSchema } from '../../src/core/features/manifest.js';
import { MelFrontEnd } from '../../src/core/features/mel-front-end.js';
import { createEngine, type ThreadedAnalysisEngine } from '../../src/engine/threaded-engine.js';
import { ModelShelf, type Manifest } from '../support/models.js';
import { clip, cosine, floats, int8ModelDir, modelDir, record, streamModelDir } from './support.js';

/** The vectors were made by others: PyTorch, and ONNX's reference implementation for int8 (MODEL_CARD.md of each). */
const models = [modelDir, int8ModelDir, streamModelDir].map((directory) => ({
  directory,
  manifest: modelManifestSchema.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'))),
}));
const vectors = models.flatMap(({ directory, manifest }) =>
  manifest.vectors.map(({ wav, frames }) => ({
    directory,
    manifest,
    id: manifest.id,
    name: wav.replace('.wav', ''),
    frames,
  })),
);

describe.each(vectors)('the vector $name of $id', ({ directory, manifest, name, frames }) => {
  it('has these mel energies within 0.1 %', () => {
    const front = new MelFrontEnd(planFrontEnd(manifest.frontEnd));
    const found = front.process(decodeL16(clip(name, directory)));
    const expected = floats(`${name}.mel.f32`, directory);
    expect(found).toHaveLength(frames);
    expect(expected).toHaveLength(frames * manifest.frontEnd.melBands);
    const worst = expected.reduce((most, energy, i) => {
      const band = i % manifest.frontEnd.melBands;
      const difference = Math.abs(
        found[Math.floor(i / manifest.frontEnd.melBands)]!.energies[band]! - energy,
      );
      return Math.max(most, difference / (0.001 * Math.abs(energy) + 1e-7));
    }, 0);
    expect(worst).toBeLessThanOrEqual(1);
  });
});

const everything = { enterProbability: -1, leaveProbability: -1, paddingWindows: 0 };

describe('a worker that takes everything for speech and the whole clip for one segment', () => {
  const engines = new Map<string, ThreadedAnalysisEngine>();
  const whole = vectors.filter(({ directory }) => directory !== streamModelDir);

  beforeAll(async () => {
    for (const directory of [modelDir, int8ModelDir]) {
      const engine = await createEngine({
        modelDir: directory,
        workers: 1,
        speech: everything,
        segment: { lengthMs: 4980, hopMs: 1000 },
      });
      engines.set(directory, engine);
    }
  });
  afterAll(() => Promise.all([...engines.values()].map((engine) => engine.shutdown())));

  it.each(whole)('gives the embedding of $name by $id', async ({ directory, name, frames }) => {
    const { stream, segments } = record(engines.get(directory)!);
    stream.push(clip(name));
    await stream.flush();
    expect(segments()).toHaveLength(1);
    expect(segments()[0]).toMatchObject({
      netSpeechMs: frames * 10,
      startMs: 0,
      endMs: (frames - 1) * 10 + 25,
    });
    const expected = floats(`${name}.embedding.f32`, directory);
    expect(cosine(segments()[0]!.embedding, expected)).toBeGreaterThanOrEqual(0.9999);
    stream.close();
  });
});

describe('a worker that takes everything for speech and hears each frame once', () => {
  const shelf = new ModelShelf();
  let engine: ThreadedAnalysisEngine;

  /** The vectors' first piece is as long as the others, and nothing is around it. */
  const withPlainFirst = (manifest: Manifest): Manifest => ({
    ...manifest,
    frames: { ...(manifest['frames'] as Manifest), firstFrames: 126, firstEdges: undefined },
  });

  beforeAll(async () => {
    const folder = shelf.copy('stream', withPlainFirst, '.', streamModelDir);
    engine = await createEngine({ modelDir: folder, workers: 1, speech: everything });
  });
  afterAll(async () => {
    await engine.shutdown();
    shelf.remove();
  });

  it.each(vectors.filter(({ directory }) => directory === streamModelDir))(
    'gives the embedding of all the pieces of $name, a shorter last one among them',
    async ({ directory, name, frames }) => {
      const { stream, segments } = record(engine, undefined, 0, { evidenceWindowMs: 60_000 });
      stream.push(clip(name, directory));
      await stream.flush();
      const { evidence, totalNetSpeechMs, endMs } = segments().at(-1)!;
      expect({ totalNetSpeechMs, endMs }).toEqual({
        totalNetSpeechMs: frames * 10,
        endMs: (frames - 1) * 10 + 25,
      });
      expect(evidence).toMatchObject({ startMs: 0, netSpeechMs: frames * 10 });
      const expected = floats(`${name}.embedding.f32`, directory);
      expect(cosine(evidence!.embedding, expected)).toBeGreaterThanOrEqual(0.9999);
      stream.close();
    },
  );
});
