/**
 * False alarms and hits of a watchlist per call, by number of entries, and the impostor tail that the correction rests on.
 * `npm run build && node dist/bench/watchlist-false-alarms.js --audio ../shared/speech/telephone-dev --cache DIR`
 * Embeddings in DIR are biometric data: delete them afterwards.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { falseMatchProbability } from '../src/core/watchlist/corrected-llr.js';
import { centred } from '../src/core/speaker/centring.js';
import { fitImpostorTail, type ImpostorTail } from '../src/core/watchlist/impostor-tail.js';
import { ScreeningEvidence } from '../src/core/watchlist/screening-evidence.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { EntryMatrix, Probe } from '../src/engine/watchlist/entry-matrix.js';
import { VectorStore } from '../src/engine/watchlist/vector-store.js';
import { hearAll, utterancesOf } from '../tools/evaluate/heard.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    cache: { type: 'string', default: '/tmp/timbre-watchlist-cache' },
  },
});
/** Screening begins here (policy.watchlist.minNetSpeechMs). */
const minNetSpeechMs = 5000;
const shares = [0.01, 0.001];

interface Heard {
  readonly caller: string;
  readonly gender: string;
  /** The mean direction of the call so far, at every segment from 5 s of net speech on. */
  readonly stretches: readonly Float32Array[];
  readonly whole: Float32Array;
}

const random = seeded(20_261_124);
const engine = await createEngine({ modelDir: values.model, workers: 1 });
const { embeddingSize: size, sha256, centre, impostorTail: shipped } = engine.model;
const calls = await hearCalls();
await engine.shutdown();
const callers = [...new Set(calls.map(({ caller }) => caller))];
const voiceOf = new Map(callers.map((caller) => [caller, mean(ofCaller(caller).map(({ whole }) => whole))]));
const cohort = await readCohort();
if (!shipped) throw new Error(`the manifest of ${sha256} holds no impostor tail: run timbre-calibrate`);
say(
  `${calls.length} calls of ${callers.length} callers; tail in force: mean ${shipped.mean}, sd ${shipped.sd}`,
);
const refit = fitTail(callers);
say(`tail fitted now on all of them: mean ${refit.mean.toFixed(4)}, sd ${refit.sd.toFixed(4)}\n`);

say('## False alarms per call\n');
say('| entries | made of | calls tried | nominal 1 % | nominal 0.1 % | uncorrected, 0.1 % an entry |');
say('| ---: | --- | ---: | ---: | ---: | ---: |');
for (const n of [1, 10, 20, 50])
  alarms(n, 'real: other callers of telephone-dev', repeats(n, 51), (own) => pick(others(own), n), shipped);
for (const n of [10, 100, 400])
  alarms(n, 'real: the model’s cohort', repeats(n, 400), () => pick(cohort, n), shipped);
for (const n of [10, 100, 1000, 10_000])
  alarms(n, 'synthetic, see below', n >= 1000 ? 1 : 10, (own) => synthetic(own, n), shipped);

say('\n## The same with the tail fitted on one half of the callers and tried on the other (both ways)\n');
say('| entries | made of | calls tried | nominal 1 % | nominal 0.1 % | uncorrected, 0.1 % an entry |');
say('| ---: | --- | ---: | ---: | ---: | ---: |');
const shuffled = pick(callers, callers.length);
const halves = [shuffled.slice(0, 26), shuffled.slice(26)] as const;
for (const n of [1, 10, 25]) {
  const tallies = halves.map((tried, i) => {
    const tail = fitTail(halves[1 - i] ?? []);
    return tally(repeats(n, 25), (own) => pick(tried.filter((c) => c !== own).map(voice), n), tail, tried);
  });
  row(n, 'real: other callers of the same half', add(tallies));
}

say('\n## Hits: callers whose other call is on the list\n');
say('| entries | made of | calls tried | found at nominal 1 % | at 0.1 % | somebody else nearer |');
say('| ---: | --- | ---: | ---: | ---: | ---: |');
for (const n of [1, 10, 100, 1000, 10_000]) hits(n);

function alarms(
  n: number,
  madeOf: string,
  times: number,
  list: (own: string) => readonly Float32Array[],
  tail: ImpostorTail,
): void {
  row(n, madeOf, tally(times, list, tail, callers));
}

interface Tally {
  tried: number;
  alarms: number[];
  uncorrected: number;
}

function tally(
  times: number,
  list: (own: string) => readonly Float32Array[],
  tail: ImpostorTail,
  tried: readonly string[],
): Tally {
  const result: Tally = { tried: 0, alarms: shares.map(() => 0), uncorrected: 0 };
  for (let time = 0; time < times; time++) {
    for (const caller of tried) {
      const entries = list(caller);
      const { matrix } = matrixOf(entries);
      for (const call of ofCaller(caller)) {
        // An alarm at any moment of the call is an alarm.
        const best = Math.max(...call.stretches.map((stretch) => nearest(matrix, stretch).cosine));
        const chance = falseMatchProbability(best, entries.length, tail);
        result.tried += 1;
        shares.forEach((share, i) => {
          if (chance <= share) result.alarms[i] = (result.alarms[i] ?? 0) + 1;
        });
        if (falseMatchProbability(best, 1, tail) <= 0.001) result.uncorrected += 1;
      }
    }
  }
  return result;
}

function hits(n: number): void {
  let tried = 0;
  let wrong = 0;
  const found = shares.map(() => 0);
  for (const caller of callers) {
    const own = ofCaller(caller);
    for (const [i, listed] of own.entries()) {
      const { matrix } = matrixOf([listed.whole, ...synthetic(caller, n - 1)]);
      for (const call of own.filter((_, other) => other !== i)) {
        tried += 1;
        let best = { cosine: -1, entryId: '' };
        for (const stretch of call.stretches) {
          const nearer = nearest(matrix, stretch);
          if (nearer.cosine > best.cosine) best = nearer;
        }
        if (best.entryId !== 'e0') {
          wrong += 1;
          continue;
        }
        const chance = falseMatchProbability(best.cosine, n, shipped ?? refit);
        shares.forEach((share, s) => {
          if (chance <= share) found[s] = (found[s] ?? 0) + 1;
        });
      }
    }
  }
  const share = (count: number): string => `${((100 * count) / tried).toFixed(0)} %`;
  say(
    `| ${n.toLocaleString('en-GB')} | one real, the rest synthetic | ${tried} | ${found.map(share).join(' | ')} | ${share(wrong)} |`,
  );
}

function fitTail(among: readonly string[]): ImpostorTail {
  const scores = among.flatMap((caller) =>
    ofCaller(caller).flatMap(({ stretches }) =>
      among
        .filter((other) => other !== caller)
        .flatMap((other) => stretches.map((stretch) => dot(stretch, voice(other)))),
    ),
  );
  return fitImpostorTail(Float64Array.from(scores));
}

/**
 * Voices that nobody has: drawn from a normal distribution with the mean and covariance of the real callers of one recorded
 * gender other than this one, and scaled to length 1. For this call they score as those callers do, in mean and spread.
 */
function synthetic(own: string, n: number): Float32Array[] {
  const groups = ['male', 'female'].map((gender) =>
    callers
      .filter((caller) => caller !== own && ofCaller(caller).some((call) => call.gender === gender))
      .map(voice),
  );
  const centres = groups.map(average192);
  return Array.from({ length: n }, (_, i) => {
    const g = i % 2;
    const [group, centre] = [groups[g] ?? [], centres[g] ?? new Float64Array(size)];
    const drawn = Float64Array.from(centre);
    for (const one of group) {
      const weight = normal() / Math.sqrt(group.length - 1);
      for (let k = 0; k < size; k++) drawn[k] = (drawn[k] ?? 0) + weight * ((one[k] ?? 0) - (centre[k] ?? 0));
    }
    return unit(drawn);
  });
}

async function hearCalls(): Promise<Heard[]> {
  const table = (await readFile(join(values.audio, 'calls.tsv'), 'utf8')).trimEnd().split('\n').slice(1);
  const facts = table.map((line) => {
    const [caller = '', call = '', gender = ''] = line.split('\t');
    return { caller, gender, path: `${caller}/${call}` };
  });
  const jobs = new Map(facts.map(({ path }) => [path, () => utterancesOf(values.audio, path)]));
  const heard = await hearAll(engine, jobs, values.cache, () => undefined);
  const heardCalls: Heard[] = [];
  for (const { caller, gender, path } of facts) {
    const { segments } = heard.get(path) ?? { segments: [] };
    const evidence = new ScreeningEvidence();
    const stretches: Float32Array[] = [];
    let before = 0;
    for (const { embedding, totalNetSpeechMs, startMs, endMs, quality } of segments) {
      evidence.add({ embedding, netSpeechMs: totalNetSpeechMs - before, startMs, endMs }, quality);
      before = totalNetSpeechMs;
      const direction = evidence.direction();
      const voice = direction && centred(direction, centre);
      if (voice && evidence.netSpeechMs >= minNetSpeechMs) stretches.push(voice);
    }
    const all = evidence.direction();
    const whole = all && centred(all, centre);
    if (whole && stretches.length > 0) heardCalls.push({ caller, gender, stretches, whole });
  }
  return heardCalls;
}

async function readCohort(): Promise<Float32Array[]> {
  const bytes = await readFile(join(values.model, 'cohort.f32'));
  return Array.from({ length: bytes.length / 4 / size }, (_, i) =>
    Float32Array.from({ length: size }, (__, k) => bytes.readFloatLE(4 * (i * size + k))),
  ).flatMap((one) => centred(one, centre) ?? []);
}

function matrixOf(entries: readonly Float32Array[]): { matrix: EntryMatrix } {
  const matrix = new EntryMatrix('list', new VectorStore(size));
  entries.forEach((entry, i) => {
    matrix.add(`e${i}`, entry);
  });
  return { matrix };
}

function nearest(matrix: EntryMatrix, query: Float32Array): { cosine: number; entryId: string } {
  const probe = new Probe(query);
  matrix.search([probe]);
  return probe.best ?? { cosine: -1, entryId: '' };
}

function row(n: number, madeOf: string, { tried, alarms: raised, uncorrected }: Tally): void {
  const share = (count: number): string => `${((100 * count) / tried).toFixed(2)} %`;
  say(
    `| ${n.toLocaleString('en-GB')} | ${madeOf} | ${tried} | ${raised.map(share).join(' | ')} | ${share(uncorrected)} |`,
  );
}

function add(tallies: readonly Tally[]): Tally {
  const sum = (of: (one: Tally) => number): number => tallies.reduce((total, one) => total + of(one), 0);
  return {
    tried: sum((one) => one.tried),
    alarms: shares.map((_, i) => sum((one) => one.alarms[i] ?? 0)),
    uncorrected: sum((one) => one.uncorrected),
  };
}

function ofCaller(caller: string): Heard[] {
  return calls.filter((call) => call.caller === caller);
}
function voice(caller: string): Float32Array {
  return voiceOf.get(caller) ?? new Float32Array(size);
}
function others(own: string): Float32Array[] {
  return callers.filter((caller) => caller !== own).map(voice);
}
function repeats(n: number, available: number): number {
  return Math.max(1, Math.min(40, Math.ceil((2 * available) / n)));
}
function pick<T>(from: readonly T[], n: number): T[] {
  return [...from]
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, n)
    .map(({ item }) => item);
}
function mean(vectors: readonly Float32Array[]): Float32Array {
  return unit(average192(vectors));
}
function average192(vectors: readonly Float32Array[]): Float64Array {
  const sum = new Float64Array(size);
  for (const vector of vectors)
    for (let k = 0; k < size; k++) sum[k] = (sum[k] ?? 0) + (vector[k] ?? 0) / vectors.length;
  return sum;
}
function unit(vector: Float64Array): Float32Array {
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => value / length);
}
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}
function normal(): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}
/** Park and Miller's minimal standard generator: the same draws in every run. */
function seeded(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
