/**
 * What the product's decisions are worth on callers of a population that nothing was fitted to:
 * `npm run bench:own-callers -- --audio ../shared/speech/second-population --cache DIR`
 * Every voice goes through the product's own engine, scorer, thresholds and impostor tail; intervals are by caller (Clopper-Pearson
 * for the effective number of trials). Embeddings in DIR are biometric data: delete them afterwards.
 */
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import { defaultPolicy, operatingPointNames } from '../src/core/policy/policy.js';
import { thresholdsOf } from '../src/core/speaker/thresholds.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { seededRandom } from '../tools/evaluate/seeded-random.js';
import { afterForty, head } from './own-callers/after-forty.js';
import { populationOf } from './own-callers/population.js';
import { tablesOf, type AcceptLlrs } from './own-callers/stand.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', multiple: true },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    cache: { type: 'string', default: '/tmp/timbre-own-callers-cache' },
  },
});
const folders = values.audio ?? ['../shared/speech/second-population', '../shared/speech/telephone-dev'];
const engine = await createEngine({ modelDir: values.model, workers: 1 });
const { model } = engine;
const populations = new Map<string, Awaited<ReturnType<typeof populationOf>>>();
for (const audio of folders)
  populations.set(basename(audio), await populationOf(engine, audio, values.cache));
await engine.shutdown();

const shipped = Object.fromEntries(
  operatingPointNames.map((point) => [point, thresholdsOf(defaultPolicy, model.id, point).acceptLlr]),
) as AcceptLlrs;
say(`Model ${model.id}, sha256 ${model.sha256}.\n`);
for (const [name, population] of populations)
  say(tablesOf({ name: `${name}, as shipped`, population, centre: model.centre, acceptLlr: shipped }, model));

const [first] = populations;
if (first) {
  const random = seededRandom(20_261_201);
  const rows = Array.from({ length: 8 }, () => afterForty(first[1], model, random));
  say(`## ${first[0]}, after 40 callers, eight draws of them\n`);
  say(markdownTable([head, ...rows]));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
