#!/usr/bin/env node
/**
 * How surely and how soon a hand-over of the telephone is noticed: calls spliced from two callers, and whole calls of one.
 * `node dist/tools/hand-over/main.js --audio DIR --cache DIR [--model DIR] [--splices N]`; prints Markdown.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { Scorer } from '../../src/core/speaker/scoring.js';
import { createEngine } from '../../src/engine/threaded-engine.js';
import { type Heard, hearAll, utterancesOf } from '../evaluate/heard.js';
import { type Comparer, measure, type Spliced } from './measure.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string' },
    cache: { type: 'string' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    splices: { type: 'string', default: '300' },
  },
});
const { audio, cache } = values;
if (audio === undefined || cache === undefined) throw new Error('--audio and --cache are required');

const engine = await createEngine({ modelDir: values.model, workers: 1 });
const calls: { speaker: string; call: string }[] = [];
for (const speaker of await readdir(audio, { withFileTypes: true })) {
  if (!speaker.isDirectory()) continue;
  for (const call of await readdir(join(audio, speaker.name)))
    calls.push({ speaker: speaker.name, call: `${speaker.name}/${call}` });
}
// µ-law at 8 kHz: a byte is an eighth of a millisecond.
const lengthMs = async (files: readonly string[]): Promise<number> =>
  (await Promise.all(files.map(async (file) => (await stat(file)).size))).reduce((a, b) => a + b, 0) / 8;

/** The same splices every time: the i-th call is gone on with by another caller's, chosen by a fixed stride. */
const pairs: { before: string; after: string }[] = [];
for (let i = 0; pairs.length < Number(values.splices); i++) {
  const before = calls[i % calls.length];
  const after = calls[(i * 7 + 3 + Math.floor(i / calls.length)) % calls.length];
  if (before && after && before.speaker !== after.speaker)
    pairs.push({ before: before.call, after: after.call });
}
const nameOf = ({ before, after }: { before: string; after: string }): string => `${before} + ${after}`;
const jobs = new Map<string, () => Promise<string[]>>();
for (const { call } of calls) jobs.set(call, () => utterancesOf(audio, call));
for (const pair of pairs) {
  jobs.set(nameOf(pair), async () =>
    (await Promise.all([pair.before, pair.after].map((call) => utterancesOf(audio, call)))).flat(),
  );
}
const heard = await hearAll(engine, jobs, cache, () => undefined);
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
const spliced: Spliced[] = pairs.map((pair) => ({
  heard: heardOf(nameOf(pair)),
  changeAtNetMs: heardOf(pair.before).netSpeechMs,
}));
const scorer = new Scorer(engine.model);
const comparer: Comparer = {
  segmentMs: engine.model.segment.lengthMs,
  windowNetSpeechMs: defaultPolicy.verification.windowNetSpeechMs,
  llr: (before, after) => {
    const [one, other] = [before, after].map(({ direction, netSpeechMs }) =>
      scorer.ready(direction, netSpeechMs),
    );
    return one && other ? scorer.llr(one, other, null) : 0;
  },
};
const rows = [3000, 4000, 5000].flatMap((minSideMs) =>
  [2, 1, 0, -1, -2, -3, -4].map((changeLlr) => measure(spliced, whole, comparer, { changeLlr, minSideMs })),
);
console.log(`Model ${engine.model.id}, sha256 ${engine.model.sha256}.

| Change below llr | Each side at least | Splices | Noticed | Before it happened | Delay, median | Delay, p90 | Whole calls | False alarms | Per hour of speech | Per hour of call |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows
  .map((row) =>
    [
      row.rule.changeLlr,
      seconds(row.rule.minSideMs),
      row.splices,
      `${((row.detected / row.splices) * 100).toFixed(1)} %`,
      row.early,
      seconds(row.delayNetSpeechMs.median),
      seconds(row.delayNetSpeechMs.p90),
      row.wholeCalls,
      row.falseAlarms,
      row.falseAlarmsPerHourOfSpeech.toFixed(1),
      row.falseAlarmsPerHourOfCall.toFixed(1),
    ].join(' | '),
  )
  .map((row) => `| ${row} |`)
  .join('\n')}`);
await engine.shutdown();

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
