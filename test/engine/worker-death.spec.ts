import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createEngine,
  type EngineOptions,
  type ThreadedAnalysisEngine,
} from '../../src/engine/threaded-engine.js';
import { startWorkerThread } from '../../src/engine/worker-thread.js';
import { clip, cosine, essence, killable, l16, modelDir, record, type Recorded } from './support.js';

let engines: ThreadedAnalysisEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.shutdown()));
  engines = [];
});

async function anEngine(options: Omit<EngineOptions, 'modelDir'>): Promise<ThreadedAnalysisEngine> {
  const engine = await createEngine({ modelDir, ...options });
  engines.push(engine);
  return engine;
}

/** Where speech was found, window by window; a batch of another size moves the last bits of an embedding. */
const places = ({ events }: Recorded): unknown[] =>
  events.map((event) =>
    event.kind === 'segment'
      ? [event.startMs, event.endMs, event.totalNetSpeechMs]
      : event.kind === 'progress' && [event.positionMs, event.netSpeechMs],
  );

const half = clip('menardi').subarray(0, 40_000);

describe('a worker that dies', () => {
  it('is replaced; its streams go on with what comes after, others are untouched', async () => {
    const { startWorker, threads } = killable();
    const engine = await anEngine({ workers: 2, startWorker });
    const first = record(engine);
    const second = record(engine);
    first.stream.push(half);
    await first.stream.flush();
    const netBefore =
      first.events.at(-1)?.kind === 'progress'
        ? (first.events.at(-1) as { netSpeechMs: number }).netSpeechMs
        : 0;
    expect(netBefore).toBeGreaterThan(2000);
    await threads[0]!.terminate();
    first.stream.push(clip('menardi'));
    second.stream.push(clip('allison'));
    await Promise.all([first.stream.flush(), second.stream.flush()]);

    expect(first.events.some((event) => event.kind === 'failed')).toBe(false);
    expect(first.events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 7500 });
    const segment = first.segments()[1];
    expect(segment!.startMs).toBeGreaterThanOrEqual(2500);
    expect(segment!.totalNetSpeechMs).toBe(netBefore + 3000);
    expect(engine.status()).toMatchObject({ workers: 2, streams: 2, workerRestarts: 1 });

    const alone = record(engine);
    alone.stream.push(clip('allison'));
    await alone.stream.flush();
    expect(essence(second.events)).toEqual(essence(alone.events));
  });

  it('takes audio with it, which is told as dropped and keeps its place in time', async () => {
    const { startWorker, threads } = killable();
    const engine = await anEngine({ workers: 1, startWorker });
    const { stream, events } = record(engine);
    stream.push(clip('menardi'));
    const dying = threads[0]!.terminate();
    const flushed = stream.flush();
    await Promise.all([dying, flushed]);
    const dropped = events.flatMap((event) => (event.kind === 'dropped' ? [event.durationMs] : []));
    expect(dropped).toHaveLength(1);
    // What the worker had: at least something, at most its credit.
    expect(dropped[0]).toBeGreaterThan(0);
    expect(dropped[0]).toBeLessThanOrEqual(500);
    expect(events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 5000 });
  });

  it('takes none of its many calls with it, and those of the other worker hear nothing of it', async () => {
    const { startWorker, threads } = killable();
    const engine = await anEngine({ workers: 2, startWorker });
    // Placed in turns: every other one is on the worker that dies.
    const calls = Array.from({ length: 16 }, () => record(engine));
    const first = clip('menardi');
    const rest = clip('allison');
    for (const { stream } of calls) stream.push(first);
    await Promise.all(calls.map(({ stream }) => stream.flush()));
    await threads[0]!.terminate();
    for (const { stream } of calls) stream.push(rest);
    await Promise.all(calls.map(({ stream }) => stream.flush()));

    const undisturbed = calls[1]!;
    expect(undisturbed.segments().length).toBeGreaterThan(4);
    for (const [i, call] of calls.entries()) {
      expect(call.events.some(({ kind }) => kind === 'failed' || kind === 'dropped')).toBe(false);
      expect(call.events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 10_000 });
      if (i % 2 === 1) expect(places(call)).toEqual(places(undisturbed));
      // What was half gathered died with the worker; the first segment after it is all of later speech.
      else expect(call.segments().at(-1)!.startMs).toBeGreaterThanOrEqual(5000);
    }
    expect(engine.status()).toMatchObject({ workers: 2, streams: 16, workerRestarts: 1 });
  });

  it('hands its calls to the other workers when none will start in its place', async () => {
    const { startWorker, threads } = killable();
    let broken = false;
    const engine = await anEngine({
      workers: 2,
      startWorker: (setup) => startWorker(broken ? { ...setup, modelDir: '/nowhere' } : setup),
    });
    const moved = record(engine);
    const other = record(engine);
    moved.stream.push(clip('menardi'));
    await moved.stream.flush();
    broken = true;
    await threads[0]!.terminate();
    moved.stream.push(clip('allison'));
    other.stream.push(clip('allison'));
    await Promise.all([moved.stream.flush(), other.stream.flush()]);

    expect(moved.events.some(({ kind }) => kind === 'failed')).toBe(false);
    expect(moved.events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 10_000 });
    expect(cosine(moved.segments().at(-1)!.embedding, other.segments().at(-1)!.embedding)).toBeGreaterThan(
      0.99,
    );
    expect(engine.status()).toMatchObject({ workers: 1, streams: 2 });
  });

  it('fails its streams when no other one will start, and says why', async () => {
    const { startWorker, threads } = killable();
    let broken = false;
    const engine = await anEngine({
      workers: 1,
      startWorker: (setup) => startWorker(broken ? { ...setup, modelDir: '/nowhere' } : setup),
    });
    const { stream, events, next } = record(engine);
    broken = true;
    const failed = next('failed');
    await threads[0]!.terminate();
    expect(await failed).toMatchObject({
      message: expect.stringContaining('/nowhere/manifest.json') as unknown as string,
    });
    stream.push(half);
    await stream.flush();
    expect(events).toHaveLength(1);
    const late = record(engine);
    expect(late.events).toMatchObject([{ kind: 'failed' }]);
    expect(engine.status().workers).toBe(0);
  });
});

describe('shutdown', () => {
  it('finishes what was pushed, then takes no more', async () => {
    const engine = await anEngine({ workers: 1, startWorker: startWorkerThread });
    const { stream, events } = record(engine);
    stream.push(clip('menardi'));
    await engine.shutdown();
    expect(events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 5000 });
    expect(() => engine.open({ format: l16, maxWaitingMs: 0 }, () => undefined)).toThrow('shut down');
  });
});
