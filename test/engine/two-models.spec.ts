import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnalysisEvent, SegmentEmbedding } from '../../src/engine/engine.port.js';
import {
  createEngine,
  type EngineOptions,
  type ThreadedAnalysisEngine,
} from '../../src/engine/threaded-engine.js';
import { ModelShelf, type Manifest } from '../support/models.js';
import { clip, essence, killable, l16, modelDir } from './support.js';

const shelf = new ModelShelf();
const shippedId = 'timbre-sv-8k-v1';
let nextDir: string;
let wideDir: string;
beforeAll(() => {
  nextDir = shelf.copy('next');
  wideDir = shelf.copy('wide', withWideFrames);
});
afterAll(() => {
  shelf.remove();
});

/** A front end with frames of 50 ms every 12.5 ms and spectra of 512 points, before the very same network. */
function withWideFrames(manifest: Manifest): Manifest {
  const frontEnd = {
    ...(manifest['frontEnd'] as Manifest),
    frameSamples: 400,
    fftSamples: 512,
    hopSamples: 100,
    window:
      'Hamming, symmetric: 0.54 - 0.46 cos(2 pi n / 399), over the 400 samples of a frame, then 112 zeros',
    spectrum:
      "power, bins 0..255 of the 512-point FFT (Meyda's powerSpectrum with its own window set to 'rect')",
    filters:
      'triangles in mel, evenly spaced over lowHz..highHz for melBandsDesigned bands, of which the melBands lowest are kept; no area normalisation; bin i lies at i*8000/512 Hz',
  };
  return { ...manifest, frontEnd };
}

let engines: ThreadedAnalysisEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.shutdown()));
  engines = [];
});

async function anEngine(options: Partial<EngineOptions> = {}): Promise<ThreadedAnalysisEngine> {
  const engine = await createEngine({ modelDir, workers: 1, ...options });
  engines.push(engine);
  return engine;
}

function listen(engine: ThreadedAnalysisEngine, models?: readonly string[]) {
  const events: AnalysisEvent[] = [];
  const stream = engine.open({ format: l16, maxWaitingMs: 0, ...(models && { models }) }, (event) => {
    events.push(event);
  });
  const of = (modelId: string): SegmentEmbedding[] =>
    events.filter((event) => event.kind === 'segment').filter((event) => event.modelId === modelId);
  return { stream, events, of };
}

/** All events of one model alone: its segments, and the progress that is everyone's. */
const withoutOthers = (events: readonly AnalysisEvent[], modelId: string) =>
  essence(events.filter((event) => event.kind !== 'segment' || event.modelId === modelId));

async function alone(dir: string): Promise<AnalysisEvent[]> {
  const { stream, events } = listen(await anEngine({ modelDir: dir }));
  stream.push(clip('allison'));
  await stream.flush();
  return events;
}

describe('two models side by side', () => {
  it.each([
    ['that share a front end', (): string => nextDir, 'next'],
    ['with front ends of their own', (): string => wideDir, 'wide'],
  ])('%s each give what they give alone', async (_, dir, id) => {
    const engine = await anEngine({ previousModelDirs: [dir()] });
    expect(engine.model.id).toBe(shippedId);
    expect(engine.models.map((model) => model.id)).toEqual([shippedId, id]);
    const both = listen(engine, [shippedId, id]);
    both.stream.push(clip('allison'));
    await both.stream.flush();
    expect(withoutOthers(both.events, shippedId)).toEqual(withoutOthers(await alone(modelDir), shippedId));
    const single = (await alone(dir())).filter((event) => event.kind === 'segment');
    expect(single.length).toBeGreaterThan(1);
    expect(essence(both.of(id))).toEqual(essence(single));
  });

  it('run only the current one for who asks for nothing else', async () => {
    const engine = await anEngine({ previousModelDirs: [nextDir] });
    const { stream, of } = listen(engine);
    stream.push(clip('allison'));
    await stream.flush();
    expect(of(shippedId).length).toBeGreaterThan(1);
    expect(of('next')).toEqual([]);
  });

  it('can be asked for and left while a stream goes on, and speech is counted once', async () => {
    const engine = await anEngine({ previousModelDirs: [nextDir, wideDir] });
    const { stream, events, of } = listen(engine, ['next']);
    stream.push(clip('allison'));
    await stream.flush();
    stream.useModels(['next', 'wide']);
    stream.push(clip('allison'));
    await stream.flush();
    const afterTwo = of('next').length;
    stream.useModels(['wide']);
    stream.push(clip('allison'));
    await stream.flush();
    expect(of('next')).toHaveLength(afterTwo);
    expect(of('wide').length).toBeGreaterThan(1);
    const net = events.flatMap((event) => (event.kind === 'progress' ? [event.netSpeechMs] : []));
    expect(net).toEqual([...net].sort((a, b) => a - b));
    const once = (await alone(modelDir)).at(-1);
    // Between the clips the VAD need not leave speech: a tenth more than three of them alone at most.
    const thrice = 3 * (once?.kind === 'progress' ? once.netSpeechMs : 0);
    expect(net.at(-1)! / thrice).toBeGreaterThan(0.95);
    expect(net.at(-1)! / thrice).toBeLessThan(1.1);
    for (const { startMs, endMs } of of('wide')) {
      expect(startMs).toBeGreaterThanOrEqual(4900); // nothing of what came before it was asked for
      expect(endMs).toBeLessThanOrEqual(15_000);
    }
  });

  it('are both there again after their worker died', async () => {
    const { startWorker, threads } = killable();
    const engine = await anEngine({ previousModelDirs: [nextDir], startWorker });
    const { stream, of } = listen(engine, [shippedId, 'next']);
    stream.push(clip('menardi'));
    await stream.flush();
    const before = of('next').length;
    await threads[0]!.terminate();
    stream.push(clip('menardi'));
    await stream.flush();
    expect(engine.status()).toMatchObject({ workers: 1, workerRestarts: 1 });
    expect(of('next').length).toBeGreaterThan(before);
    expect(of(shippedId)).toHaveLength(of('next').length);
  });

  it('must be loaded to be asked for', async () => {
    const engine = await anEngine({ previousModelDirs: [nextDir] });
    expect(() => listen(engine, ['wide'])).toThrow('the model wide is not loaded');
    expect(() => listen(engine, [])).toThrow('a stream needs one model or more');
    const { stream } = listen(engine);
    expect(() => { stream.useModels(['wide']); }).toThrow('the model wide is not loaded'); // prettier-ignore
  });
});

describe('a start', () => {
  it('is refused with the current model as a previous one', async () => {
    await expect(anEngine({ previousModelDirs: [modelDir] })).rejects.toThrow(
      `the model ${shippedId} is given twice; each folder is named once`,
    );
  });

  it('is refused with a copy of the current model under the same id', async () => {
    const copy = shelf.copy(shippedId, undefined, 'copies');
    await expect(anEngine({ previousModelDirs: [copy] })).rejects.toThrow(`is also in ${modelDir}`);
  });

  it('is refused with two different models of one id, and says both hashes', async () => {
    const other = shelf.copy('next', undefined, 'others');
    appendFileSync(join(other, 'model.onnx'), 'x');
    const sha256 = createHash('sha256')
      .update(readFileSync(join(other, 'model.onnx')))
      .digest('hex');
    const path = join(other, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    // All that was fitted says which model for; without the rest it would be refused for that first.
    const calibration = { ...(manifest['calibration'] as Manifest), modelSha256: sha256, centreSha256: null };
    const changed = { ...manifest, sha256, calibration, centre: undefined, impostorTail: undefined };
    writeFileSync(path, JSON.stringify(changed));
    await expect(anEngine({ modelDir: nextDir, previousModelDirs: [other] })).rejects.toThrow(
      new RegExp(`another model of the id next is in .*\\(sha256 c8af0b5c[0-9a-f]+, here ${sha256}\\)`),
    );
  });

  it('is refused when a previous model is missing or damaged', async () => {
    await expect(anEngine({ previousModelDirs: ['/nowhere'] })).rejects.toThrow(
      '/nowhere/manifest.json: can\'t be read', // prettier-ignore
    );
  });
});
