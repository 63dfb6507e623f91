import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { StreamFormat } from '../../src/core/audio/stream-format.js';
import { parseWav } from '../../src/core/audio/wav.js';
import type {
  AnalysisEngine,
  AnalysisEvent,
  AnalysisRequest,
  AnalysisStream,
  SegmentEmbedding,
} from '../../src/engine/engine.port.js';
import { startWorkerThread } from '../../src/engine/worker-thread.js';
import type { StartWorker } from '../../src/engine/worker-pool.js';

export const modelDir = join(import.meta.dirname, '../../models/timbre-sv-8k-v1');
export const int8ModelDir = `${modelDir}-int8`;
/** Hears each frame once. */
export const streamModelDir = `${modelDir}-stream`;

export const l16: StreamFormat = { encoding: 'l16', sampleRateHz: 8000, channels: 1, callerChannel: 0 };

/** A clip of the model's vectors (sweep, allison, menardi), as L16 bytes. */
export function clip(name: string, directory = modelDir): Uint8Array {
  const parsed = parseWav(readFileSync(join(directory, 'vectors', `${name}.wav`)));
  if (parsed.kind === 'refused') throw new Error(parsed.detail);
  return parsed.data;
}

/** float32 little-endian, as another implementation wrote it. */
export function floats(name: string, directory = modelDir): Float32Array {
  const bytes = readFileSync(join(directory, 'vectors', name));
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((value, i) => {
    dot += value * b[i]!;
    aa += value * value;
    bb += b[i]! * b[i]!;
  });
  return dot / Math.sqrt(aa * bb);
}

/** An open stream with all its events so far. */
export interface Recorded {
  readonly stream: AnalysisStream;
  readonly events: AnalysisEvent[];
  readonly segments: () => SegmentEmbedding[];
  /** Resolves with the next event of this kind. */
  readonly next: (kind: AnalysisEvent['kind']) => Promise<AnalysisEvent>;
}

export function record(
  engine: AnalysisEngine,
  format: StreamFormat = l16,
  maxWaitingMs = 0,
  more: Partial<AnalysisRequest> = {},
): Recorded {
  const events: AnalysisEvent[] = [];
  let waiting: { kind: string; resolve: (event: AnalysisEvent) => void }[] = [];
  const stream = engine.open({ format, maxWaitingMs, ...more }, (event) => {
    events.push(event);
    for (const { kind, resolve } of waiting) if (kind === event.kind) resolve(event);
    waiting = waiting.filter(({ kind }) => kind !== event.kind);
  });
  return {
    stream,
    events,
    segments: () => events.filter((event) => event.kind === 'segment'),
    next: (kind) => new Promise((resolve) => waiting.push({ kind, resolve })),
  };
}

/** Pushes bytes in chunks of these sizes over and over. */
export function pushIn(stream: AnalysisStream, bytes: Uint8Array, sizes: readonly number[]): void {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    stream.push(bytes.subarray(at, at + size));
    at += size;
  }
}

/** Everything but the latency, which no two runs share. Plain numbers: the events come from another realm. */
export function essence(events: readonly AnalysisEvent[]): unknown[] {
  return events.map((event) =>
    event.kind === 'segment'
      ? { ...event, latencyMs: 0, embedding: Array.from(event.embedding) }
      : { ...event },
  );
}

/** Real worker threads that a test can also kill. */
export function killable(): { readonly startWorker: StartWorker; readonly threads: Worker[] } {
  const threads: Worker[] = [];
  return {
    threads,
    startWorker: (setup) => {
      const thread = startWorkerThread(setup);
      threads.push(thread);
      return thread;
    },
  };
}
