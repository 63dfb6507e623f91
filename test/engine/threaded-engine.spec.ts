import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeMulaw } from '../../src/core/audio/g711.js';
import { decodeL16, encodeL16 } from '../../src/core/audio/pcm.js';
import { createEngine, type ThreadedAnalysisEngine } from '../../src/engine/threaded-engine.js';
import { clip, cosine, essence, l16, modelDir, pushIn, record } from './support.js';

const seconds = (s: number): Uint8Array => new Uint8Array(s * 16_000);

function joinBytes(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

let engine: ThreadedAnalysisEngine;
beforeAll(async () => {
  engine = await createEngine({ modelDir, workers: 1 });
});
afterAll(() => engine.shutdown());

async function analyse(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): Promise<unknown[]> {
  const { stream, events } = record(engine);
  pushIn(stream, bytes, sizes);
  await stream.flush();
  stream.close();
  return essence(events);
}

describe('a stream of speech', () => {
  it('gives a segment of 3 s, one more every second of new speech, and the rest at the end', async () => {
    const { stream, segments } = record(engine);
    stream.push(clip('allison'));
    await stream.flush();
    const totals = segments().map((segment) => segment.totalNetSpeechMs);
    expect(totals.slice(0, 2)).toEqual([3000, 4000]);
    expect(totals.at(-1)).toBeGreaterThanOrEqual(4500);
    for (const { embedding, netSpeechMs, latencyMs, startMs, endMs } of segments()) {
      expect(netSpeechMs).toBe(3000);
      expect(embedding).toHaveLength(192);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
      expect(latencyMs).toBeGreaterThanOrEqual(0);
      expect(endMs - startMs).toBeGreaterThanOrEqual(3000);
    }
    stream.close();
  });

  it('tells its progress about every 250 ms of stream time, in order', async () => {
    const { stream, events } = record(engine);
    stream.push(clip('menardi'));
    await stream.flush();
    const positions = events.flatMap((event) => (event.kind === 'progress' ? [event.positionMs] : []));
    expect(positions.at(-1)).toBe(5000);
    expect(positions.length).toBeGreaterThanOrEqual(19);
    expect(positions.length).toBeLessThanOrEqual(21);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    stream.close();
  });

  it('gives the very same events however it is cut', async () => {
    const bytes = joinBytes(seconds(0.5), clip('allison'), seconds(0.3));
    const whole = await analyse(bytes);
    expect(await analyse(bytes, [320])).toEqual(whole);
    expect(await analyse(bytes, [2, 1998, 514, 40_000])).toEqual(whole);
  });

  it('goes on after a flush', async () => {
    const { stream, events } = record(engine);
    stream.push(clip('menardi'));
    await stream.flush();
    stream.push(clip('menardi'));
    await stream.flush();
    expect(events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 10_000 });
    stream.close();
  });

  it('knows the same speaker from another one', async () => {
    const embeddingOf = async (bytes: Uint8Array): Promise<Float32Array> => {
      const { stream, segments } = record(engine);
      stream.push(bytes);
      await stream.flush();
      stream.close();
      return segments()[0]!.embedding;
    };
    const [allison, menardi] = [await embeddingOf(clip('allison')), await embeddingOf(clip('menardi'))];
    const mulaw = record(engine, { ...l16, encoding: 'mulaw' });
    mulaw.stream.push(encodeMulaw(decodeL16(clip('allison'))));
    await mulaw.stream.flush();
    expect(cosine(mulaw.segments()[0]!.embedding, allison)).toBeGreaterThan(0.9);
    expect(cosine(allison, menardi)).toBeLessThan(0.5);
    mulaw.stream.close();
  });

  it('reads only the caller of a stereo stream', async () => {
    const alone = await analyse(clip('allison'));
    const caller = decodeL16(clip('allison'));
    const agent = decodeL16(clip('menardi'));
    const both = Float32Array.from(
      { length: caller.length * 2 },
      (_, i) => (i % 2 === 0 ? agent : caller)[i >> 1]!,
    );
    const { stream, events } = record(engine, { ...l16, channels: 2, callerChannel: 1 });
    stream.push(encodeL16(both));
    await stream.flush();
    expect(essence(events)).toEqual(alone);
    stream.close();
  });
});

describe('two streams at once', () => {
  it('each get what they get alone', async () => {
    const [allison, menardi] = [await analyse(clip('allison')), await analyse(clip('menardi'))];
    const first = record(engine);
    const second = record(engine);
    for (let at = 0; at < 80_000; at += 320) {
      first.stream.push(clip('allison').subarray(at, at + 320));
      second.stream.push(clip('menardi').subarray(at, at + 320));
    }
    expect(engine.status()).toMatchObject({ workers: 1, streams: 2, workerRestarts: 0 });
    await Promise.all([first.stream.flush(), second.stream.flush()]);
    expect(closeTo(essence(first.events), allison)).toBe(true);
    expect(closeTo(essence(second.events), menardi)).toBe(true);
    first.stream.close();
    second.stream.close();
    expect(engine.status()).toMatchObject({ streams: 0, waitingMs: 0 });
  });
});

/** Equal but for the last bits of embeddings, which a batch of two may round differently. */
function closeTo(found: unknown[], expected: unknown[]): boolean {
  const rounded = (events: unknown[]): string =>
    JSON.stringify(events, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    );
  return rounded(found) === rounded(expected);
}

describe('close', () => {
  it('lets no event come after it', async () => {
    const { stream, events } = record(engine);
    stream.push(clip('allison'));
    stream.close();
    stream.close();
    const other = record(engine);
    other.stream.push(clip('menardi'));
    await other.stream.flush();
    other.stream.close();
    expect(events).toEqual([]);
  });

  it('silences a stream from inside its own listener', async () => {
    const kinds: string[] = [];
    const stream = engine.open({ format: l16, maxWaitingMs: 0 }, (event) => {
      kinds.push(event.kind);
      stream.close();
    });
    stream.push(clip('allison'));
    await stream.flush();
    expect(kinds).toEqual(['progress']);
  });

  it('lets go whoever waits for a flush', async () => {
    const { stream } = record(engine);
    stream.push(clip('allison'));
    const flushed = stream.flush();
    stream.close();
    await flushed;
    await stream.flush();
    expect(engine.status().streams).toBe(0);
  });
});

describe('missing audio', () => {
  it('moves stream time on without counting speech', async () => {
    const { stream, events, segments } = record(engine);
    stream.push(clip('menardi').subarray(0, 48_000));
    stream.lost(60_000);
    stream.push(clip('menardi').subarray(48_000));
    await stream.flush();
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: 'progress', positionMs: 65_000 });
    expect(last?.kind === 'progress' && last.netSpeechMs).toBeLessThan(5000);
    expect(segments().at(-1)!.endMs).toBeGreaterThan(63_000);
    stream.close();
  });

  it('begins its windows anew behind a gap: what stood half full before it does not shift them', async () => {
    const segmentsAfter = async (samplesBefore: number, gapMs: number): Promise<unknown[]> => {
      const { stream, segments } = record(engine);
      stream.push(new Uint8Array(samplesBefore * 2));
      stream.lost(gapMs);
      stream.push(clip('allison'));
      await stream.flush();
      stream.close();
      return essence(segments());
    };
    // 93 whole windows of silence, once with three quarters of another one, which is 24 ms.
    expect(await segmentsAfter(93 * 256 + 192, 1000)).toEqual(await segmentsAfter(93 * 256, 1024));
  });

  it('drops the oldest waiting audio past the bound and says how much', async () => {
    const { stream, events } = record(engine, l16, 2000);
    stream.push(joinBytes(clip('allison'), clip('menardi')));
    expect(engine.status().waitingMs).toBe(2000);
    await stream.flush();
    expect(events.filter((event) => event.kind === 'dropped')).toEqual([
      { kind: 'dropped', durationMs: 8000 },
    ]);
    expect(events.at(-1)).toMatchObject({ kind: 'progress', positionMs: 10_000 });
    stream.close();
  });
});

describe('audio without speech, or hardly any audio', () => {
  const squareWave = encodeL16(Float32Array.from({ length: 80_000 }, (_, n) => (n % 40 < 20 ? 1 : -1)));

  it.each([
    ['10 s of zeros', seconds(10)],
    ['10 s of a full-scale square wave', squareWave],
    ['one sample', Uint8Array.of(1, 2)],
    ['a quarter of a second', clip('allison').subarray(8000, 12_000)],
  ])('gives no segment for %s', async (_, bytes) => {
    const { stream, events, segments } = record(engine);
    stream.push(bytes);
    await stream.flush();
    expect(segments()).toEqual([]);
    expect(events.at(-1)).toMatchObject({ kind: 'progress', positionMs: bytes.length / 16 });
    for (const event of events) {
      if (event.kind === 'progress') expect(Number.isFinite(event.quality.speechLevelDbfs)).toBe(true);
    }
    stream.close();
  });

  it('flushes a stream that had no audio at all', async () => {
    const { stream, segments } = record(engine);
    await stream.flush();
    expect(segments()).toEqual([]);
    stream.close();
  });

  it('is refused when it is no whole number of frames, and nothing is lost of the stream', async () => {
    const { stream, events } = record(engine);
    expect(() => { stream.push(new Uint8Array(0)); }).toThrow(RangeError); // prettier-ignore
    expect(() => { stream.push(new Uint8Array(3)); }).toThrow('3 bytes are no whole number of 2-byte frames'); // prettier-ignore
    expect(() => { stream.lost(NaN); }).toThrow(RangeError); // prettier-ignore
    expect(() => { stream.lost(-20); }).toThrow('lost audio lasts 0 ms or more, not -20'); // prettier-ignore
    stream.push(clip('allison'));
    await stream.flush();
    expect(essence(events)).toEqual(await analyse(clip('allison')));
    stream.close();
  });
});
