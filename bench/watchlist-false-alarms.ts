/**
 * False alarms and hits of a watchlist per call, by number of entries, with the impostor tail of the model's manifest:
 * `npm run build && node dist/bench/watchlist-false-alarms.js --audio ../shared/speech/telephone-dev --cache DIR`
 * Whoever is compared has no part in the centre. Embeddings in DIR are biometric data: delete them afterwards.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import { callerScore } from '../src/core/watchlist/caller-score.js';
import { falseMatchProbability } from '../src/core/watchlist/corrected-llr.js';
import { littleEndianFloats } from '../src/engine/model-folder.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { EntryMatrix, Probe } from '../src/engine/watchlist/entry-matrix.js';
import { VectorStore } from '../src/engine/watchlist/vector-store.js';
import { screenedCall } from '../tools/calibrate/screened-call.js';
import { alarmsOf, bestOfLists, checkByHalves, type AlarmTally } from '../tools/calibrate/stranger-alarms.js';
import { around, strangerPairs } from '../tools/calibrate/strangers.js';
import { centreOf } from '../tools/calibrate/variants.js';
import { voiceprintOf } from '../tools/evaluate/compare.js';
import { hearAll, utterancesOf } from '../tools/evaluate/heard.js';
import { seededRandom } from '../tools/evaluate/seeded-random.js';
import { parseCalls, parseTrials, speakerOf } from '../tools/evaluate/trial-list.js';
import { syntheticVoices } from './synthetic-voices.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    cache: { type: 'string', default: '/tmp/timbre-watchlist-cache' },
  },
});
const random = seededRandom(20_261_126);
const engine = await createEngine({ modelDir: values.model, workers: 1 });
const { embeddingSize: size, sha256, centre: modelCentre, impostorTail: tail } = engine.model;
if (!tail) throw new Error(`the manifest of ${sha256} holds no impostor tail: run timbre-calibrate`);
const { normalisation } = tail;

// Callers whose labels are in doubt are in no trial, and would be strangers to themselves.
const trials = parseTrials(await readFile(join(values.audio, 'trials.tsv'), 'utf8'));
const facts = parseCalls(await readFile(join(values.audio, 'calls.tsv'), 'utf8'));
const names = [...new Set(trials.flatMap(({ enrolCall, probeCall }) => [enrolCall, probeCall]))].sort();
const jobs = new Map(names.map((name) => [name, () => utterancesOf(values.audio, name)]));
const heard = await hearAll(engine, jobs, values.cache, () => undefined);
await engine.shutdown();
const voices = new Map<string, Float32Array[]>();
for (const [name, speech] of heard) {
  const voice = voiceprintOf(speech)?.direction;
  if (voice) voices.set(speakerOf(name), [...(voices.get(speakerOf(name)) ?? []), voice]);
}
const calls = [...heard].flatMap(([name, speech]) => screenedCall(name, speech) ?? []);
const callers = [...new Set(calls.map(({ caller }) => caller))];
const cohort = await readCohortRows();

const centreWithout = (people: readonly string[]): Float32Array | undefined =>
  modelCentre && centreOf(voices, size, people);
const strangers = strangerPairs(calls, { centreWithout, normalisation });
const atMoments = new Map(callers.map((caller) => [caller, momentsOf(caller)]));

const score = normalisation
  ? `against the caller's nearest ${normalisation.topN} of the cohort`
  : 'of cosines';
say(`Model ${sha256}, ${calls.length} calls of ${callers.length} callers.`);
say(`Tail in force: mean ${tail.mean}, deviation ${tail.sd}, ${score}.`);

say('\n## False alarms per call\n');
const alarmRows = [
  ...[1, 10, 20, 45].map((n) => alarmRow(n, 'real: other callers', bestOfLists(strangers, n, random))),
  ...[10, 100, 400].map((n) => alarmRow(n, 'real: the model’s cohort', listed(n, repeats(n), fromCohort))),
  ...[10, 100, 1000, 10_000].map((n) => alarmRow(n, 'synthetic', listed(n, n < 1000 ? 10 : 1, made))),
];
const nominal = ['alarms, nominal 1 %', 'nominal 0.1 %'];
say(markdownTable([['entries', 'made of', 'calls tried', ...nominal, 'uncorrected, 0.1 %'], ...alarmRows]));

say(
  '\n## The tail fitted to one half of the callers and tried on the other, both ways, for 20 ways of halving\n',
);
const halves = checkByHalves(strangers, random);
say(markdownTable([['entries', 'calls tried', ...nominal], ...halves.map(tallyRow)]));

say('\n## Hits: callers whose other call is on the list, the rest synthetic\n');
const found = ['found at nominal 1 %', 'at 0.1 %', 'somebody else nearer'];
say(markdownTable([['entries', 'pairs of calls', ...found], ...[1, 10, 100, 1000, 10_000].map(hitRow)]));

interface Moment {
  readonly voice: Float32Array;
  readonly scoreOf: (cosine: number) => number;
}
interface CallerMoments {
  readonly centre: Float32Array | undefined;
  readonly calls: readonly { readonly entry: Float32Array | null; readonly moments: readonly Moment[] }[];
}

/** Around the centre without them, each with what the product scores its cosines by. */
function momentsOf(caller: string): CallerMoments {
  const centre = centreWithout([caller]);
  const own = calls.filter((call) => call.caller === caller);
  return {
    centre,
    calls: own.map(({ entry, moments }) => ({
      entry: entry && around(entry, centre),
      moments: moments.map((moment) => {
        const voice = around(moment, centre);
        return { voice, scoreOf: callerScore(voice, normalisation) };
      }),
    })),
  };
}

/** The best score of each call against lists of so many that are made for its caller, so many times. */
function listed(n: number, times: number, make: (caller: string, n: number) => Float32Array[]): number[] {
  return [...atMoments].flatMap(([caller, { calls: own }]) =>
    Array.from({ length: times }, () => {
      const matrix = matrixOf(make(caller, n));
      return own.map(({ moments }) => nearest(matrix, moments).score);
    }).flat(),
  );
}

function alarmRow(n: number, madeOf: string, bests: readonly number[]): string[] {
  const { tried, alarms } = alarmsOf(bests, n, alarmTail());
  const uncorrected = bests.filter((best) => falseMatchProbability(best, 1, alarmTail()) <= 0.001).length;
  return [
    thousands(n),
    madeOf,
    thousands(tried),
    ...[...alarms, uncorrected].map((count) => share(count, tried)),
  ];
}

function tallyRow({ entries, tried, alarms }: AlarmTally): string[] {
  return [thousands(entries), thousands(tried), ...alarms.map((count) => share(count, tried))];
}

function hitRow(n: number): string[] {
  const scores: number[] = [];
  let wrong = 0;
  for (const [caller, { calls: own }] of atMoments) {
    for (const one of own) {
      if (!one.entry) continue;
      const matrix = matrixOf([one.entry, ...made(caller, n - 1)]);
      for (const other of own) {
        if (other === one) continue;
        const best = nearest(matrix, other.moments);
        if (best.entryId === 'e0') scores.push(best.score);
        else wrong += 1;
      }
    }
  }
  const { tried, alarms } = alarmsOf(scores, n, alarmTail());
  const all = tried + wrong;
  return [thousands(n), thousands(all), ...[...alarms, wrong].map((count) => share(count, all, 0))];
}

/** Of the moment with the best score. */
function nearest(matrix: EntryMatrix, moments: readonly Moment[]): { score: number; entryId: string } {
  const probes = moments.map(({ voice }) => new Probe(voice));
  matrix.search(probes);
  return probes.reduce(
    (best, probe, i) => {
      const score = moments[i]?.scoreOf(probe.best?.cosine ?? -1) ?? -Infinity;
      return score > best.score ? { score, entryId: probe.best?.entryId ?? '' } : best;
    },
    { score: -Infinity, entryId: '' },
  );
}

/** Like the other callers, as far as their gender is recorded. */
function made(caller: string, n: number): Float32Array[] {
  const centre = atMoments.get(caller)?.centre;
  const group = (name: string): string => facts.get(name)?.gender ?? '';
  const others = calls.flatMap(({ caller: other, call, entry }) =>
    entry && other !== caller && group(call) !== ''
      ? [{ person: other, group: group(call), voice: around(entry, centre) }]
      : [],
  );
  const first = others.filter(({ person }, i) => others.findIndex((one) => one.person === person) === i);
  return syntheticVoices(first, n, random);
}

function fromCohort(caller: string, n: number): Float32Array[] {
  const centre = atMoments.get(caller)?.centre;
  const drawn = cohort.map((voice) => ({ voice, key: random() })).sort((a, b) => a.key - b.key);
  return drawn.slice(0, n).map(({ voice }) => around(voice, centre));
}

async function readCohortRows(): Promise<Float32Array[]> {
  const numbers = littleEndianFloats(await readFile(join(values.model, 'cohort.f32')));
  return Array.from({ length: numbers.length / size }, (_, i) => numbers.slice(i * size, (i + 1) * size));
}

function matrixOf(entries: readonly Float32Array[]): EntryMatrix {
  const matrix = new EntryMatrix('list', new VectorStore(size));
  entries.forEach((entry, i) => {
    matrix.add(`e${i}`, entry);
  });
  return matrix;
}

function alarmTail() {
  if (!tail) throw new Error('there is no tail');
  return tail;
}
function repeats(n: number): number {
  return Math.max(1, Math.min(40, Math.ceil(800 / n)));
}
function share(count: number, of: number, digits = 2): string {
  return `${((100 * count) / of).toFixed(digits)} %`;
}
function thousands(n: number): string {
  return n.toLocaleString('en-GB');
}
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
