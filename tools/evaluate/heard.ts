import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseWav } from '../../src/core/audio/wav.js';
import { defaultSpeechDecision } from '../../src/core/speech/speech-decider.js';
import type { AnalysisEngine, SegmentEmbedding } from '../../src/engine/engine.port.js';
import { UsageError } from './arguments.js';

const heardSchema = z.strictObject({
  netSpeechMs: z.number(),
  segments: z.array(
    z.strictObject({
      embedding: z.base64(),
      startMs: z.number(),
      endMs: z.number(),
      totalNetSpeechMs: z.number(),
      quality: z.strictObject({
        speechLevelDbfs: z.number(),
        snrDb: z.number().nullable(),
        clippedShare: z.number(),
      }),
    }),
  ),
});

export type HeardSegment = Pick<
  SegmentEmbedding,
  'embedding' | 'startMs' | 'endMs' | 'totalNetSpeechMs' | 'quality'
>;

/** What the engine heard in some utterances of a call, played as one stream. */
export interface Heard {
  readonly netSpeechMs: number;
  readonly segments: readonly HeardSegment[];
}

/** From the cache when the same model heard the same bytes before, with the same segments and speech decision. */
export async function hear(
  engine: AnalysisEngine,
  files: readonly string[],
  cacheDir: string,
): Promise<Heard> {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const key = createHash('sha256').update(
    JSON.stringify([engine.model.sha256, engine.model.segment, defaultSpeechDecision]),
  );
  for (const content of contents) key.update(createHash('sha256').update(content).digest());
  const path = join(cacheDir, `${key.digest('hex')}.json`);
  const cached = await readFile(path, 'utf8').catch(() => undefined);
  if (cached !== undefined) return fromJson(cached);
  const heard = await play(engine, files, contents);
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  // Renamed into place: a run that is stopped leaves no half-written entry.
  await writeFile(`${path}.part`, toJson(heard), { mode: 0o600 });
  await rename(`${path}.part`, path);
  return heard;
}

async function play(
  engine: AnalysisEngine,
  files: readonly string[],
  contents: readonly Buffer[],
): Promise<Heard> {
  const wavs = contents.map((content, i) => {
    const wav = parseWav(content);
    if (wav.kind === 'refused') throw new UsageError(`${files[i] ?? ''}: ${wav.detail}`);
    return wav;
  });
  const first = wavs[0];
  if (!first) throw new UsageError('a trial names no utterances');
  if (wavs.some((wav) => JSON.stringify(wav.format) !== JSON.stringify(first.format)))
    throw new UsageError(`${files[0] ?? ''}: the utterances of one call differ in format`);
  const segments: HeardSegment[] = [];
  let netSpeechMs = 0;
  let failure: string | undefined;
  const stream = engine.open({ format: { ...first.format, callerChannel: 0 }, maxWaitingMs: 0 }, (event) => {
    if (event.kind === 'segment') segments.push(event);
    else if (event.kind === 'progress') netSpeechMs = event.netSpeechMs;
    else if (event.kind === 'failed') failure = event.message;
  });
  try {
    for (const { data } of wavs) stream.push(data);
    await stream.flush();
  } finally {
    stream.close();
  }
  if (failure !== undefined) throw new Error(`${files[0] ?? ''}: ${failure}`);
  return { netSpeechMs, segments };
}

function toJson({ netSpeechMs, segments }: Heard): string {
  return JSON.stringify({
    netSpeechMs,
    segments: segments.map(({ embedding, startMs, endMs, totalNetSpeechMs, quality }) => ({
      embedding: Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength).toString('base64'),
      startMs,
      endMs,
      totalNetSpeechMs,
      quality,
    })),
  });
}

function fromJson(json: string): Heard {
  const { netSpeechMs, segments } = heardSchema.parse(JSON.parse(json));
  return {
    netSpeechMs,
    segments: segments.map((segment) => ({
      ...segment,
      embedding: new Float32Array(Uint8Array.from(Buffer.from(segment.embedding, 'base64')).buffer),
    })),
  };
}
