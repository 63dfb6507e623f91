import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { Scorer } from '../../src/core/speaker/scoring.js';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { UsageError } from '../evaluate/arguments.js';
import { type Heard, hearAll, utterancesOf } from '../evaluate/heard.js';
import { parseCalls, type CallFacts } from '../evaluate/trial-list.js';
import { showProgress } from '../evaluate/progress.js';
import type { CallerChangeOptions } from './arguments.js';
import { type Comparer, measure, type CallerChangeFigures, type Spliced } from './measure.js';

interface Call {
  readonly speaker: string;
  readonly call: string;
}
interface Splice {
  readonly before: string;
  readonly after: string;
}

/** Harder than the others. */
const sameGender = ({ before, after }: Splice, facts: ReadonlyMap<string, CallFacts>): boolean => {
  const gender = facts.get(before)?.gender ?? '';
  return gender !== '' && gender === facts.get(after)?.gender;
};

/** Measures every rule of the table and gives it back as Markdown. */
export async function run({ audio, cache, model, splices }: CallerChangeOptions): Promise<string> {
  const calls = await callsIn(audio);
  const pairs = spliced(calls, splices);
  const facts = parseCalls(await readFile(join(audio, 'calls.tsv'), 'utf8').catch(() => 'speaker'));
  const jobs = new Map<string, () => Promise<string[]>>();
  for (const { call } of calls) jobs.set(call, () => utterancesOf(audio, call));
  for (const pair of pairs) {
    jobs.set(nameOf(pair), async () =>
      (await Promise.all([pair.before, pair.after].map((call) => utterancesOf(audio, call)))).flat(),
    );
  }
  const engine = await createEngine({ modelDir: model, workers: 1 });
  let heard: ReadonlyMap<string, Heard>;
  try {
    heard = await hearAll(engine, jobs, cache, showProgress);
  } finally {
    await engine.shutdown();
  }
  const heardOf = (name: string): Heard => {
    const found = heard.get(name);
    if (!found) throw new Error(`${name} was not played`);
    return found;
  };
  const whole = await Promise.all(
    calls.map(async ({ call }) => ({
      heard: heardOf(call),
      callMs: await lengthMs(await utterancesOf(audio, call)),
    })),
  );
  const changed = pairs.map((pair): Spliced => ({
    heard: heardOf(nameOf(pair)),
    changeAtNetMs: heardOf(pair.before).netSpeechMs,
    isSameGender: sameGender(pair, facts),
  }));
  const scorer = new Scorer(engine.model);
  const comparer: Comparer = {
    windowNetSpeechMs: defaultPolicy.verification.windowNetSpeechMs,
    llr: (before, after) => {
      const one = scorer.ready(before.direction, before.netSpeechMs);
      const other = scorer.ready(after.direction, after.netSpeechMs);
      return one && other ? scorer.llr(one, other, null) : 0;
    },
  };
  const rows = [3000, 4000, 5000].flatMap((minSideMs) =>
    [2, 1, 0, -1, -2, -3, -4].map((changeLlr) => measure(changed, whole, comparer, { changeLlr, minSideMs })),
  );
  const alike = changed.filter(({ isSameGender }) => isSameGender);
  const points = Object.values(defaultPolicy.verification.callerChange.operatingPoints);
  const ofAlike = points.map((rule) => measure(alike, whole, comparer, rule));
  const text = `Model ${engine.model.id}, sha256 ${engine.model.sha256}.\n\n${table(rows)}`;
  return alike.length > 0 ? `${text}\n\nOf two people of one recorded gender:\n\n${table(ofAlike)}` : text;
}

async function callsIn(audio: string): Promise<Call[]> {
  const calls: Call[] = [];
  for (const speaker of await readdir(audio, { withFileTypes: true })) {
    if (!speaker.isDirectory()) continue;
    for (const call of await readdir(join(audio, speaker.name)))
      calls.push({ speaker: speaker.name, call: `${speaker.name}/${call}` });
  }
  if (new Set(calls.map(({ speaker }) => speaker)).size < 2)
    throw new UsageError(`${audio}: SPEAKER/CALL folders of two speakers or more are wanted`);
  return calls;
}

/** The same splices every time: the i-th call is gone on with by another caller's, chosen by a fixed stride. */
function spliced(calls: readonly Call[], count: number): Splice[] {
  const pairs: Splice[] = [];
  for (let i = 0; pairs.length < count && i < count * calls.length; i++) {
    const before = calls[i % calls.length];
    const after = calls[(i * 7 + 3 + Math.floor(i / calls.length)) % calls.length];
    if (before && after && before.speaker !== after.speaker)
      pairs.push({ before: before.call, after: after.call });
  }
  return pairs;
}

const nameOf = ({ before, after }: Splice): string => `${before} + ${after}`;

/** µ-law and A-law at 8 kHz: a byte is an eighth of a millisecond. */
async function lengthMs(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0) / 8;
}

/** Names of the policy's own operating points beside their rows. */
function pointOf({ rule }: CallerChangeFigures): string {
  const { operatingPoints } = defaultPolicy.verification.callerChange;
  const named = Object.entries(operatingPoints).find(
    ([, point]) => point.changeLlr === rule.changeLlr && point.minSideMs === rule.minSideMs,
  );
  return named?.[0] ?? '';
}

function table(rows: readonly CallerChangeFigures[]): string {
  const head = [
    'Operating point',
    'Change below llr',
    'Each side at least',
    'Splices',
    'Noticed',
    'Before it happened',
    'Delay, median',
    'Delay, p90',
    'Whole calls',
    'False alarms',
    'Per hour of speech',
    'Per hour of call',
  ];
  const cells = rows.map((row) => [
    pointOf(row),
    String(row.rule.changeLlr),
    seconds(row.rule.minSideMs),
    String(row.splices),
    `${((row.detected / row.splices) * 100).toFixed(1)} %`,
    String(row.early),
    seconds(row.delayNetSpeechMs.median),
    seconds(row.delayNetSpeechMs.p90),
    String(row.wholeCalls),
    String(row.falseAlarms),
    row.falseAlarmsPerHourOfSpeech.toFixed(1),
    row.falseAlarmsPerHourOfCall.toFixed(1),
  ]);
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
