import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AnalysisRequest, SegmentEmbedding } from '../../src/engine/engine.port.js';
import {
  createEngine,
  type EngineOptions,
  type ThreadedAnalysisEngine,
} from '../../src/engine/threaded-engine.js';
import { encodeL16 } from '../../src/core/audio/pcm.js';
import { speechOf } from './sounds.js';
import { clip, cosine, essence, killable, l16, modelDir, pushIn, record, streamModelDir } from './support.js';

const everything = { enterProbability: -1, leaveProbability: -1, paddingWindows: 0 };
const withEvidence: Partial<AnalysisRequest> = { evidenceWindowMs: 30_000 };

let shared: ThreadedAnalysisEngine;
let own: ThreadedAnalysisEngine[] = [];
beforeAll(async () => {
  shared = await createEngine({ modelDir: streamModelDir, workers: 1 });
});
afterAll(() => shared.shutdown());
afterEach(async () => {
  await Promise.all(own.map((engine) => engine.shutdown()));
  own = [];
});

async function anEngine(options: Partial<EngineOptions> = {}): Promise<ThreadedAnalysisEngine> {
  const engine = await createEngine({ modelDir: streamModelDir, workers: 1, ...options });
  own.push(engine);
  return engine;
}

const june = (): Uint8Array => encodeL16(speechOf('june', 'call-1'));
const carlo = (): Uint8Array => encodeL16(speechOf('carlo', 'call-1'));

async function hear(
  engine: ThreadedAnalysisEngine,
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
): Promise<SegmentEmbedding[]> {
  const { stream, segments } = record(engine, l16, 0, withEvidence);
  pushIn(stream, bytes, sizes);
  await stream.flush();
  stream.close();
  return segments();
}

const alike = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  a && b ? cosine(a, b) : NaN;

describe('a model that hears each frame once', () => {
  it('gives a segment of the newest three pieces at each second of speech from the third on, and evidence of all', async () => {
    const segments = await hear(shared, june());
    expect(shared.model.segment).toEqual({ lengthMs: 3000, hopMs: 1000 });
    expect(segments.length).toBeGreaterThan(8);
    const told = segments.slice(0, -1);
    const spoken = told.map(({ totalNetSpeechMs }) => totalNetSpeechMs);
    expect(spoken).toEqual(told.map((_, i) => (i + 3) * 1000));
    // The first piece is one of three seconds.
    expect(told.map(({ netSpeechMs }) => netSpeechMs)).toEqual(
      told.map((_, i) => (i < 3 ? (i + 3) * 1000 : 3000)),
    );
    expect(told.map(({ evidence }) => evidence?.netSpeechMs)).toEqual(spoken);
    expect(segments[0]?.evidence?.embedding).toEqual(segments[0]?.embedding);
  });

  it('hears the last words of a stream in a shorter piece', async () => {
    const segments = await hear(shared, june());
    const [before, last] = segments.slice(-2);
    const addedMs = (last?.totalNetSpeechMs ?? NaN) - (before?.totalNetSpeechMs ?? NaN);
    expect(addedMs).toBeGreaterThan(0);
    expect(addedMs).toBeLessThan(1000);
    expect(last?.netSpeechMs).toBe(3000 + addedMs);
  });

  it('gives the same however the audio is cut', async () => {
    const whole = await hear(shared, clip('allison'));
    expect(whole.length).toBeGreaterThan(1);
    expect(essence(await hear(shared, clip('allison'), [320]))).toEqual(essence(whole));
    expect(essence(await hear(shared, clip('allison'), [2, 1998, 7002]))).toEqual(essence(whole));
  });

  it('keeps voices apart that are heard at once, in batches', async () => {
    const alone = { june: await hear(shared, june()), carlo: await hear(shared, carlo()) };
    const together = await Promise.all(
      Array.from({ length: 10 }, (_, i) => hear(shared, i % 2 === 0 ? june() : carlo(), [320])),
    );
    for (const [i, segments] of together.entries()) {
      const expected = i % 2 === 0 ? alone.june : alone.carlo;
      expect(segments).toHaveLength(expected.length);
      for (const [k, segment] of segments.entries()) {
        expect(alike(segment.embedding, expected[k]?.embedding)).toBeGreaterThan(0.9999);
        expect(alike(segment.evidence?.embedding, expected[k]?.evidence?.embedding)).toBeGreaterThan(0.9999);
      }
    }
  });

  it('goes on over little that is missing as if nothing had been there', async () => {
    const speech = clip('allison');
    const engine = await anEngine({ speech: everything });
    const lossy = record(engine, l16, 0, withEvidence);
    const half = speech.length / 2;
    lossy.stream.push(speech.subarray(0, half));
    lossy.stream.lost(400);
    lossy.stream.push(speech.subarray(half));
    await lossy.stream.flush();
    const whole = await hear(engine, speech);
    const [a, b] = [lossy.segments().at(-1), whole.at(-1)];
    // A frame or two at the gap are not there.
    expect(alike(a?.evidence?.embedding, b?.evidence?.embedding)).toBeGreaterThan(0.99);
    expect(lossy.segments()).toHaveLength(whole.length);
  });

  it('begins anew where much is missing, and the sums of both sides add up', async () => {
    const { stream, segments } = record(shared, l16, 0, { evidenceWindowMs: 300_000 });
    stream.push(june());
    stream.lost(5000);
    stream.push(june());
    await stream.flush();
    const [last] = segments().slice(-1);
    const once = (await hear(shared, june())).at(-1);
    const onceMs = once?.evidence?.netSpeechMs ?? NaN;
    expect(last?.evidence?.netSpeechMs).toBeGreaterThan(2 * onceMs - 1000);
    // Both sides are one recording: each side's own embedding, and so both's.
    expect(alike(last?.evidence?.embedding, once?.evidence?.embedding)).toBeGreaterThan(0.98);
  });

  it('makes evidence of what came after another took over, once it is told', async () => {
    const { stream, segments } = record(shared, l16, 0, withEvidence);
    stream.push(june());
    await stream.flush();
    const changeMs = june().length / 16;
    stream.forgetBefore(changeMs);
    stream.push(carlo());
    await stream.flush();
    const after = segments().filter(({ startMs }) => startMs >= changeMs);
    expect(after.length).toBeGreaterThan(3);
    expect(after.every(({ evidence }) => (evidence?.startMs ?? 0) >= changeMs - 25)).toBe(true);
    const alone = (await hear(shared, carlo())).at(-1);
    expect(alike(after.at(-1)?.evidence?.embedding, alone?.evidence?.embedding)).toBeGreaterThan(0.9);
  });

  it('makes no evidence where none is asked for, and the same segments', async () => {
    const { stream, segments } = record(shared);
    stream.push(june());
    await stream.flush();
    const asked = await hear(shared, june());
    expect(segments().every(({ evidence }) => evidence === undefined)).toBe(true);
    expect(segments().map(({ embedding }) => Array.from(embedding))).toEqual(
      asked.map(({ embedding }) => Array.from(embedding)),
    );
  });

  it('begins anew on the worker after one that died, and says from where on', async () => {
    const { startWorker, threads } = killable();
    const engine = await anEngine({ startWorker });
    const { stream, segments } = record(engine, l16, 0, withEvidence);
    stream.push(june());
    await stream.flush();
    const before = segments().length;
    const diedMs = june().length / 16;
    await threads[0]!.terminate();
    stream.push(june());
    await stream.flush();
    const after = segments().slice(before);
    expect(after.length).toBeGreaterThan(8);
    expect(after.every(({ evidence }) => (evidence?.startMs ?? 0) >= diedMs)).toBe(true);
  });

  it('serves beside a model of whole segments, each as it does alone', async () => {
    const engine = await anEngine({ previousModelDirs: [modelDir] });
    const models = engine.models.map(({ id }) => id);
    const both = record(engine, l16, 0, { ...withEvidence, models });
    both.stream.push(june());
    await both.stream.flush();
    const of = (id: string): SegmentEmbedding[] => both.segments().filter(({ modelId }) => modelId === id);
    expect(essence(of('timbre-sv-8k-v1-stream'))).toEqual(essence(await hear(shared, june())));
    const old = await hear(await anEngine({ modelDir }), june());
    expect(essence(of('timbre-sv-8k-v1'))).toEqual(essence(old));
    expect(old.every(({ evidence }) => evidence === undefined)).toBe(true);
  });
});
