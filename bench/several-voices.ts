/**
 * What the rule for several voices keeps from a decision, and what it costs where one person speaks:
 * `npm run build && node dist/bench/several-voices.js --audio ../shared/speech/telephone-dev --cache DIR`
 * Minutes of several callers at once, and whole calls, each through the verifier against every enrolled call, under the default
 * policy and under one without the rule. Embeddings in DIR are biometric data: delete them afterwards.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeMulaw } from '../src/core/audio/g711.js';
import { encodeL16 } from '../src/core/audio/pcm.js';
import { parseWav } from '../src/core/audio/wav.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../src/core/ids.js';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import { defaultPolicy, type Policy } from '../src/core/policy/policy.js';
import { assessEnrolment } from '../src/core/speaker/enrolment.js';
import type { VerificationState } from '../src/core/speaker/verification.js';
import { Verifier } from '../src/core/speaker/verifier.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { hearAll, utterancesOf, type HeardSegment } from '../tools/evaluate/heard.js';
import { seededRandom } from '../tools/evaluate/seeded-random.js';
import { parseTrials, speakerOf } from '../tools/evaluate/trial-list.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    cache: { type: 'string', default: '/tmp/timbre-several-voices-cache' },
  },
});
const rateHz = 8000;
const babbleSeconds = 60;
const talkerCounts = [2, 3, 4, 6, 8, 12];
const minutesOfEach = 4;
const probeFromMs = 8000;
const withoutRule: Policy = {
  ...defaultPolicy,
  quality: { ...defaultPolicy.quality, minSteadiness: -1 },
};
const policies = [
  ['with the rule', defaultPolicy],
  ['without', withoutRule],
] as const;

interface Enrolled {
  readonly person: string;
  readonly call: string;
  readonly voiceprint: Float32Array;
  readonly netSpeechMs: number;
}
interface Told {
  readonly state: VerificationState;
  readonly netSpeechMs: number;
}

const random = seededRandom(20_261_126);
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
  return assessed?.kind === 'complete' ? [{ person: speakerOf(call), call, ...assessed }] : [];
});

say(`${enrolled.length} voiceprints of ${new Set(enrolled.map(({ person }) => person)).size} people.\n`);
say(markdownTable([babbleHead(), ...(await babbleRows())]));
await engine.shutdown();
say(`\nCalls with ${probeFromMs / 1000} s and more of speech, against every voiceprint of another call:\n`);
say(markdownTable([callHead(), ...callRows()]));

function babbleHead(): string[] {
  const told = policies.flatMap(([name]) => [`rejected at some time, ${name}`, `accepted, ${name}`]);
  return ['people at once', 'one of them is claimed', 'minutes × voiceprints', ...told];
}

async function babbleRows(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const count of talkerCounts) {
    const minutes: { readonly who: readonly string[]; readonly segments: readonly HeardSegment[] }[] = [];
    for (let i = 0; i < minutesOfEach; i++) {
      const calls = oneEach(shuffled(names)).slice(0, count);
      minutes.push({ who: calls.map(speakerOf), segments: await hear(await babble(calls)) });
    }
    for (const isClaimed of [false, true]) {
      const runs = minutes.flatMap(({ who, segments }) =>
        enrolled
          .filter(({ person }) => who.includes(person) === isClaimed)
          .map((one) => policies.map(([, policy]) => tell(policy, segments, one).map(({ state }) => state))),
      );
      const told = policies.flatMap((_, p) =>
        (['rejected', 'accepted'] as const).map(
          (state) => runs.filter((states) => states[p]?.includes(state)).length,
        ),
      );
      rows.push([String(count), isClaimed ? 'yes' : 'no', ...[runs.length, ...told].map(String)]);
    }
  }
  return rows;
}

function callHead(): string[] {
  return [
    'calls of one person',
    'claimed',
    'comparisons',
    'accepted at the end',
    'rejected at the end',
    'still collecting',
    'speech until rejected: 5 %, median, 95 %',
    'until accepted',
  ];
}

function callRows(): string[][] {
  const probes = [...heard].filter(([, { netSpeechMs }]) => netSpeechMs >= probeFromMs);
  return policies.flatMap(([name, policy]) =>
    [true, false].map((isOwn) => {
      const runs = probes.flatMap(([call, { segments }]) =>
        enrolled
          .filter((one) => one.call !== call && (one.person === speakerOf(call)) === isOwn)
          .map((one) => tell(policy, segments, one)),
      );
      const atEnd = (state: VerificationState): number =>
        runs.filter((told) => told.at(-1)?.state === state).length;
      const until = (state: VerificationState): string => {
        const at = runs.flatMap((told) => told.find((one) => one.state === state)?.netSpeechMs ?? []);
        at.sort((a, b) => a - b);
        return [0.05, 0.5, 0.95]
          .map((q) => ((at[Math.floor(q * at.length)] ?? NaN) / 1000).toFixed(1))
          .join(', ');
      };
      const ends = (['accepted', 'rejected', 'collecting'] as const).map((state) => String(atEnd(state)));
      return [name, isOwn ? 'themselves' : 'somebody else', String(runs.length), ...ends].concat(
        until('rejected'),
        until('accepted'),
      );
    }),
  );
}

/** What the agent is told after each segment. */
function tell(policy: Policy, segments: readonly HeardSegment[], claimed: Enrolled): Told[] {
  const verifier = new Verifier(model, policy);
  verifier.claim({
    kind: 'ready',
    customerId: claimed.person as CustomerId,
    consentId: 'consent' as ConsentId,
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

async function hear(sound: Float32Array): Promise<HeardSegment[]> {
  const segments: HeardSegment[] = [];
  const format = { encoding: 'l16', sampleRateHz: rateHz, channels: 1, callerChannel: 0 } as const;
  const stream = engine.open({ format, maxWaitingMs: 0 }, (event) => {
    if (event.kind === 'segment') segments.push(event);
  });
  stream.push(encodeL16(sound));
  await stream.flush();
  stream.close();
  return segments;
}

/** None louder than another, each call over and over from a place of its own. */
async function babble(calls: readonly string[]): Promise<Float32Array> {
  const sum = new Float32Array(babbleSeconds * rateHz);
  for (const call of calls) {
    const voice = await samplesOf(call);
    const gain = 0.05 / Math.sqrt(voice.reduce((power, x) => power + x * x, 0) / voice.length);
    const from = Math.floor(random() * voice.length);
    for (let n = 0; n < sum.length; n++)
      sum[n] = (sum[n] ?? 0) + gain * (voice[(from + n) % voice.length] ?? 0);
  }
  return sum;
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

function oneEach(calls: readonly string[]): string[] {
  return calls.filter((call, i) => calls.findIndex((other) => speakerOf(other) === speakerOf(call)) === i);
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
