/**
 * What the rules of quality keep from a decision where the caller is who they say:
 * `npm run build && node dist/bench/quality-rules.js --audio ../shared/speech/telephone-dev --cache DIR`
 * Whole calls as they are, 20 dB quieter, and with eight other people talking 15 dB below, each through the verifier against every
 * voiceprint of the same person's other calls. Embeddings in DIR are biometric data: delete them afterwards.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeMulaw, encodeMulaw } from '../src/core/audio/g711.js';
import { parseWav } from '../src/core/audio/wav.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../src/core/ids.js';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import { defaultPolicy } from '../src/core/policy/policy.js';
import { assessEnrolment } from '../src/core/speaker/enrolment.js';
import type { VerificationResult } from '../src/core/speaker/verification.js';
import { Verifier } from '../src/core/speaker/verifier.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { hearAll, utterancesOf, type HeardSegment } from '../tools/evaluate/heard.js';
import { seededRandom } from '../tools/evaluate/seeded-random.js';
import { parseTrials, speakerOf } from '../tools/evaluate/trial-list.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    cache: { type: 'string', default: '/tmp/timbre-quality-rules-cache' },
  },
});
const probeFromMs = 8000;
const babblers = 8;

interface Enrolled {
  readonly call: string;
  readonly voiceprint: Float32Array;
  readonly netSpeechMs: number;
}

const random = seededRandom(20_261_201);
const engine = await createEngine({ modelDir: values.model, workers: 1 });
const { model } = engine;
const trials = parseTrials(await readFile(join(values.audio, 'trials.tsv'), 'utf8'));
const names = [...new Set(trials.flatMap(({ enrolCall, probeCall }) => [enrolCall, probeCall]))].sort();
const jobs = new Map(names.map((name) => [name, () => utterancesOf(values.audio, name)]));
const heard = await hearAll(engine, jobs, values.cache, () => undefined);
const enrolled = [...heard].flatMap(([call, { segments, netSpeechMs }]): Enrolled[] => {
  const quality = segments.at(-1)?.quality;
  const embeddings = withNew(segments).map(({ embedding, newNetSpeechMs }) => ({
    embedding,
    netSpeechMs: newNetSpeechMs,
  }));
  const assessed = quality && assessEnrolment([{ embeddings, netSpeechMs, quality }], defaultPolicy, model);
  return assessed?.kind === 'complete' ? [{ call, ...assessed }] : [];
});
const genuine = [...heard]
  .filter(([, { netSpeechMs }]) => netSpeechMs >= probeFromMs)
  .map(([call]) => ({ call, own: enrolled.filter((one) => one.call !== call && isSame(one.call, call)) }))
  .filter(({ own }) => own.length > 0);
const sounds: readonly (readonly [string, (call: string) => Promise<Float32Array>])[] = [
  ['as it is', samplesOf],
  ['20 dB quieter', async (call) => (await samplesOf(call)).map((x) => x / 10)],
  ['eight others 15 dB below', withOthers],
];

say(
  `${genuine.length} calls of ${new Set(genuine.map(({ call }) => speakerOf(call))).size} people, model ${model.sha256.slice(0, 8)}.\n`,
);
const notes = ['too-quiet', 'noisy', 'clipped', 'packet-loss', 'several-voices'] as const;
const rows = [
  ['sound', 'comparisons', 'accepted', 'rejected', 'net speech', ...notes, 'several-voices at some time'],
];
for (const [name, soundOf] of sounds) rows.push(await row(name, soundOf));
say(markdownTable(rows));
await engine.shutdown();

async function row(name: string, soundOf: (call: string) => Promise<Float32Array>): Promise<string[]> {
  const runs: VerificationResult[][] = [];
  let netSpeechMs = 0;
  for (const { call, own } of genuine) {
    const segments = await hear(await soundOf(call));
    netSpeechMs += segments.at(-1)?.totalNetSpeechMs ?? 0;
    for (const one of own) runs.push(tell(segments, one));
  }
  const share = (holds: (run: VerificationResult[]) => boolean | undefined): string =>
    `${((100 * runs.filter(holds).length) / runs.length).toFixed(1)} %`;
  return [
    name,
    String(runs.length),
    share((run) => run.at(-1)?.state === 'accepted'),
    share((run) => run.at(-1)?.state === 'rejected'),
    `${(netSpeechMs / 1000).toFixed(0)} s`,
    ...notes.map((note) => share((run) => run.at(-1)?.quality.includes(note))),
    share((run) => run.some(({ quality }) => quality.includes('several-voices'))),
  ];
}

function tell(segments: readonly HeardSegment[], claimed: Enrolled): VerificationResult[] {
  const verifier = new Verifier(model, defaultPolicy);
  verifier.claim({
    kind: 'ready',
    customerId: 'a customer' as CustomerId,
    consentId: 'a consent' as ConsentId,
    validUntilMs: Infinity,
    voiceprintId: claimed.call as VoiceprintId,
    modelId: model.id,
    voiceprint: claimed.voiceprint.slice(),
    netSpeechMs: claimed.netSpeechMs,
  });
  return withNew(segments).map((segment) => {
    const embedding = segment.embedding.slice();
    verifier.segment({ ...segment, embedding, netSpeechMs: model.segment.lengthMs }, segment.quality);
    return verifier.result();
  });
}

function withNew(segments: readonly HeardSegment[]) {
  return segments.map((segment, i) => ({
    ...segment,
    newNetSpeechMs: segment.totalNetSpeechMs - (segments[i - 1]?.totalNetSpeechMs ?? 0),
  }));
}

/** Over the telephone's own coding, as a quiet caller would come. */
async function hear(sound: Float32Array): Promise<HeardSegment[]> {
  const segments: HeardSegment[] = [];
  const format = { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 } as const;
  const stream = engine.open({ format, maxWaitingMs: 0 }, (event) => {
    if (event.kind === 'segment') segments.push(event);
  });
  stream.push(encodeMulaw(sound));
  await stream.flush();
  stream.close();
  return segments;
}

async function withOthers(call: string): Promise<Float32Array> {
  const voice = await samplesOf(call);
  const others = shuffled(names.filter((name) => !isSame(name, call))).slice(0, babblers);
  const sum = new Float32Array(voice.length);
  for (const other of others) {
    const talk = await samplesOf(other);
    const gain = 1 / rms(talk);
    const from = Math.floor(random() * talk.length);
    for (let n = 0; n < sum.length; n++)
      sum[n] = (sum[n] ?? 0) + gain * (talk[(from + n) % talk.length] ?? 0);
  }
  const scale = (rms(voice) / rms(sum)) * 10 ** (-15 / 20);
  return voice.map((x, n) => x + scale * (sum[n] ?? 0));
}

function rms(sound: Float32Array): number {
  return Math.sqrt(sound.reduce((power, x) => power + x * x, 0) / sound.length);
}

async function samplesOf(call: string): Promise<Float32Array> {
  const parts = await Promise.all(
    (await utterancesOf(values.audio, call)).map(async (file) => {
      const wav = parseWav(await readFile(file));
      if (wav.kind === 'refused' || wav.format.encoding !== 'mulaw') throw new Error(`${file} is not µ-law`);
      return [...decodeMulaw(wav.data)];
    }),
  );
  return Float32Array.from(parts.flat());
}

function isSame(call: string, other: string): boolean {
  return speakerOf(call) === speakerOf(other);
}

function shuffled<T>(from: readonly T[]): T[] {
  return from
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
