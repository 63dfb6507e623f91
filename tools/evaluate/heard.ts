import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseWav } from '../../src/core/audio/wav.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
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
      netSpeechMs: z.number(),
      totalNetSpeechMs: z.number(),
      evidence: z
        .strictObject({ embedding: z.base64(), startMs: z.number(), netSpeechMs: z.number() })
        .optional(),
      quality: z.strictObject({
        speechLevelDbfs: z.number(),
        snrDb: z.number().nullable(),
        clippedShare: z.number(),
        concealedShare: z.number(),
      }),
    }),
  ),
});

export type HeardSegment = Pick<
  SegmentEmbedding,
  'embedding' | 'startMs' | 'endMs' | 'netSpeechMs' | 'totalNetSpeechMs' | 'quality' | 'evidence'
>;

/** What the engine heard in some utterances of a call, played as one stream. */
export interface Heard {
  readonly netSpeechMs: number;
  readonly segments: readonly HeardSegment[];
}

/** All utterances of a call, in order. */
export async function utterancesOf(audio: string, call: string): Promise<string[]> {
  const names = (await readdir(join(audio, call))).filter((name) => name.endsWith('.wav'));
  return names.sort().map((name) => join(audio, call, name));
}

export async function hearAll(
  engine: AnalysisEngine,
  jobs: ReadonlyMap<string, () => Promise<string[]>>,
  cacheDir: string,
  onProgress: (done: number, all: number) => void,
): Promise<Map<string, Heard>> {
  const heard = new Map<string, Heard>();
  for (const [key, files] of jobs) {
    heard.set(key, await hear(engine, await files(), cacheDir));
    onProgress(heard.size, jobs.size);
  }
  return heard;
}

const evidenceWindowMs = defaultPolicy.verification.windowNetSpeechMs;

const codeHash = hashOfListeningCode();

/** Every source that takes part between the file and the embedding: a cache must not outlive a change to any of them. */
async function hashOfListeningCode(): Promise<string> {
  const root = fileURLToPath(new URL('../../src', import.meta.url));
  const hash = createHash('sha256');
  for (const part of ['core/audio', 'core/speech', 'core/features', 'engine']) {
    const names = await readdir(join(root, part), { recursive: true });
    const listens = (file: string): boolean =>
      /(?<!\.spec|\.d)\.[jt]s$/.test(file) && !file.startsWith('watchlist');
    for (const name of names.filter(listens).sort()) hash.update(await readFile(join(root, part, name)));
  }
  return hash.digest('hex');
}

/** From the cache when the same code and model heard the same bytes before, with the same segments and speech decision. */
async function hear(engine: AnalysisEngine, files: readonly string[], cacheDir: string): Promise<Heard> {
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const key = createHash('sha256').update(
    JSON.stringify([
      await codeHash,
      engine.model.sha256,
      engine.model.segment,
      defaultSpeechDecision,
      evidenceWindowMs,
    ]),
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
  const format = { ...first.format, callerChannel: 0 } as const;
  const stream = engine.open({ format, maxWaitingMs: 0, evidenceWindowMs }, (event) => {
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
    segments: segments.map(
      ({ embedding, evidence, startMs, endMs, netSpeechMs, totalNetSpeechMs, quality }) => ({
        embedding: toBase64(embedding),
        startMs,
        endMs,
        netSpeechMs,
        totalNetSpeechMs,
        quality,
        ...(evidence && { evidence: { ...evidence, embedding: toBase64(evidence.embedding) } }),
      }),
    ),
  });
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function fromBase64(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}

function fromJson(json: string): Heard {
  const { netSpeechMs, segments } = heardSchema.parse(JSON.parse(json));
  return {
    netSpeechMs,
    segments: segments.map(({ embedding, evidence, ...rest }) => ({
      ...rest,
      embedding: fromBase64(embedding),
      ...(evidence && { evidence: { ...evidence, embedding: fromBase64(evidence.embedding) } }),
    })),
  };
}
