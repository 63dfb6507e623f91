import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeL16 } from '../../src/core/audio/pcm.js';
import { planFrontEnd } from '../../src/core/features/front-end-plan.js';
import { modelManifestSchema } from '../../src/core/features/manifest.js';
import { MelFrontEnd } from '../../src/core/features/mel-front-end.js';
import { createEngine, type ThreadedAnalysisEngine } from '../../src/engine/threaded-engine.js';
import { clip, cosine, floats, modelDir, record } from './support.js';

/** The model's vectors were made by PyTorch, independent of any JavaScript (MODEL_CARD.md). */
const manifest = modelManifestSchema.parse(JSON.parse(readFileSync(join(modelDir, 'manifest.json'), 'utf8')));
const vectors = manifest.vectors.map(({ wav, frames }) => ({ name: wav.replace('.wav', ''), frames }));

describe.each(vectors)('the vector $name', ({ name, frames }) => {
  it('has these mel energies within 0.1 %', () => {
    const found = new MelFrontEnd(planFrontEnd(manifest.frontEnd)).process(decodeL16(clip(name)));
    const expected = floats(`${name}.mel.f32`);
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

describe('a worker that takes everything for speech and the whole clip for one segment', () => {
  let engine: ThreadedAnalysisEngine;

  beforeAll(async () => {
    engine = await createEngine({
      modelDir,
      workers: 1,
      speech: { enterProbability: -1, leaveProbability: -1, paddingWindows: 0 },
      segment: { lengthMs: 4980, hopMs: 1000 },
    });
  });
  afterAll(() => engine.shutdown());

  it.each(vectors)('gives the embedding of $name', async ({ name, frames }) => {
    const { stream, segments } = record(engine);
    stream.push(clip(name));
    await stream.flush();
    expect(segments()).toHaveLength(1);
    expect(segments()[0]).toMatchObject({
      netSpeechMs: frames * 10,
      startMs: 0,
      endMs: (frames - 1) * 10 + 25,
    });
    expect(cosine(segments()[0]!.embedding, floats(`${name}.embedding.f32`))).toBeGreaterThanOrEqual(0.9999);
    stream.close();
  });
});
