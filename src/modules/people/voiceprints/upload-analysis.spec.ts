import { describe, expect, it } from '@jest/globals';
import type { StreamFormat } from '../../../core/audio/stream-format.js';
import type { AnalysisEngine, AnalysisEvent } from '../../../engine/engine.port.js';
import { UploadAnalysis } from './upload-analysis.js';

const format: StreamFormat = { encoding: 'l16', sampleRateHz: 8000, channels: 1, callerChannel: 0 };
const seconds = (n: number): Uint8Array => new Uint8Array(n * 16_000);
const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };

function segment(totalNetSpeechMs: number): AnalysisEvent {
  const embedding = Float32Array.of(1, 0);
  return {
    kind: 'segment',
    modelId: 'model',
    embedding,
    startMs: 0,
    endMs: 1,
    netSpeechMs: 3000,
    totalNetSpeechMs,
    quality,
    latencyMs: 0,
  };
}

interface Script {
  /** What the engine says after each push, given the audio it then has. */
  readonly afterPush?: (pushedMs: number) => AnalysisEvent[];
  readonly atFlush?: AnalysisEvent[];
}

/** Says what it is told to say, after the call has returned; and notes how far ahead of it the uploader ran. */
function scripted({ afterPush = () => [], atFlush = [] }: Script) {
  const seen = { pushedMs: 0, aheadMs: 0, flushes: 0, closed: false };
  let doneMs = 0;
  const engine = {
    open: (request: { maxWaitingMs: number }, listener: (event: AnalysisEvent) => void) => {
      expect(request.maxWaitingMs).toBe(0);
      const tell = (events: AnalysisEvent[]): void => {
        for (const event of events) {
          if (event.kind === 'progress') doneMs = event.positionMs;
          if (!seen.closed) listener(event);
        }
      };
      return {
        push(bytes: Uint8Array) {
          seen.pushedMs += bytes.length / 16;
          seen.aheadMs = Math.max(seen.aheadMs, seen.pushedMs - doneMs);
          const { pushedMs } = seen;
          setImmediate(() => {
            tell(afterPush(pushedMs));
          });
        },
        lost: () => undefined,
        flush: async () => {
          seen.flushes += 1;
          tell(atFlush);
        },
        close: () => {
          seen.closed = true;
        },
      };
    },
  } as unknown as AnalysisEngine;
  return { analysis: new UploadAnalysis(engine), seen };
}

const never = new AbortController().signal;
const progress = (positionMs: number): AnalysisEvent => ({
  kind: 'progress',
  positionMs,
  netSpeechMs: 0,
  quality,
});

describe('the analysis of an upload', () => {
  it('counts the speech that each segment adds, not what it shares with its neighbour', async () => {
    const { analysis } = scripted({ atFlush: [segment(3000), segment(4000), segment(5000), segment(5400)] });
    const result = await analysis.run(format, seconds(6), never);
    if (result.kind !== 'analysed') throw new Error(result.kind);
    expect(result.stretch.embeddings.map(({ netSpeechMs }) => netSpeechMs)).toEqual([3000, 1000, 1000, 400]);
    expect(result.stretch.netSpeechMs).toBe(5400);
  });

  it('hands all of it over, waiting for the engine whenever it is far behind, and flushes once', async () => {
    const { analysis, seen } = scripted({ afterPush: (pushedMs) => [progress(pushedMs)] });
    await analysis.run(format, seconds(61), never);
    expect(seen).toMatchObject({ pushedMs: 61_000, flushes: 1, closed: true });
    expect(seen.aheadMs).toBeLessThanOrEqual(12_000);
  });

  it.each<{ what: string; event: AnalysisEvent }>([
    { what: 'the engine fails', event: { kind: 'failed', message: 'no' } },
    { what: 'a worker died with some of it', event: { kind: 'dropped', durationMs: 500 } },
  ])('fails when $what, and waits for nothing more', async ({ event }) => {
    const { analysis, seen } = scripted({ afterPush: () => [event] });
    expect(await analysis.run(format, seconds(60), never)).toEqual({ kind: 'failed' });
    expect(seen.closed).toBe(true);
  });

  it('stops where it is when told to, and what it had of the voice is overwritten', async () => {
    const stop = new AbortController();
    const voice = segment(3000) as Extract<AnalysisEvent, { kind: 'segment' }>;
    const { analysis, seen } = scripted({
      afterPush: (pushedMs) => {
        if (pushedMs >= 8000) stop.abort();
        return [voice, progress(pushedMs)];
      },
    });
    expect(await analysis.run(format, seconds(60), stop.signal)).toEqual({ kind: 'stopped' });
    expect(seen.pushedMs).toBeLessThan(30_000);
    expect([...voice.embedding]).toEqual([0, 0]);
  });

  it('does not begin when told to stop before', async () => {
    const { analysis, seen } = scripted({});
    expect(await analysis.run(format, seconds(60), AbortSignal.abort())).toEqual({ kind: 'stopped' });
    expect(seen.pushedMs).toBe(0);
  });
});
