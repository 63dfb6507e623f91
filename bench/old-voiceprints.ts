/**
 * Whether voiceprints that one model made serve calls that another hears:
 * `npm run bench:old-voiceprints -- --audio ../shared/speech/telephone-dev --cache DIR [--made-by DIR] [--heard-by DIR]`
 * The same trials three times: all old, all new, and old voiceprints with new calls around the new model's centre and under its
 * calibration, as the product would compare them. Embeddings in DIR are biometric data: delete them afterwards.
 */
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { bootstrapDifference } from '../src/core/evaluation/bootstrap.js';
import { figuresOf, measure, type Figure } from '../src/core/evaluation/figures.js';
import { sortTrials, type ScoredTrial } from '../src/core/evaluation/trials.js';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import { defaultPolicy } from '../src/core/policy/policy.js';
import { Scorer, type ScoringModel } from '../src/core/speaker/scoring.js';
import { thresholdsOf } from '../src/core/speaker/thresholds.js';
import { dot } from '../src/core/speaker/vectors.js';
import type { ModelDescription } from '../src/engine/engine.port.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { reachedSeconds, trialsAt } from '../tools/calibrate/at-seconds.js';
import { Fit, rangesOf, weightsOf, type TermName } from '../tools/calibrate/fit.js';
import { gather, type Comparison, type Material } from '../tools/calibrate/material.js';
import { scoresOf } from '../tools/calibrate/variants.js';
import { seededRandom } from '../tools/evaluate/seeded-random.js';
import { quantile } from './numbers.js';
import { alarmsOfOneEntry } from './own-callers/alarms.js';
import { percent, shareByCaller, withInterval } from './own-callers/shares.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    cache: { type: 'string', default: '/tmp/timbre-old-voiceprints-cache' },
    'made-by': { type: 'string', default: 'models/timbre-sv-8k-v1' },
    'heard-by': { type: 'string', default: 'models/timbre-sv-8k-v1-stream' },
    draws: { type: 'string', default: '200' },
  },
});
const draws = Number(values.draws);
const seed = 1;
const sideTerms: readonly TermName[] = ['probeNetSpeech', 'referenceNetSpeech'];

interface Side {
  readonly model: ModelDescription;
  readonly material: Material;
}

interface Pairing {
  readonly name: string;
  readonly comparisons: readonly Comparison[];
  /** Under the shipped centre and calibration, as in the product. These callers took part in both. */
  readonly shipped: Float64Array;
  /** Centre and calibration made for this pairing without either caller of a trial. */
  readonly crossValidated: Float64Array;
}

const made = await heardBy(values['made-by']);
const heard = await heardBy(values['heard-by']);
const ours = `voiceprint and call by ${heard.model.id}`;
const mixed: Side = { model: heard.model, material: withReferencesOf(made.material, heard.material) };
const pairings = [
  pairingOf(`voiceprint and call by ${made.model.id}`, made),
  pairingOf(ours, heard),
  pairingOf(`voiceprint by ${made.model.id}, call by ${heard.model.id}`, mixed),
];
say(
  `Voiceprints by ${made.model.id} (${made.model.sha256}), calls by ${heard.model.id} (${heard.model.sha256}).`,
);
const { target, nontarget } = heard.material.trials;
say(`${target} target and ${nontarget} non-target trials; 95 % intervals by ${draws} draws of callers.`);
const alike = cosines(made.material.comparisons, heard.material.comparisons);
say(
  `Cosine of the two voiceprints of a call: median ${quantile(alike, 0.5).toFixed(3)}, least ${Math.min(...alike).toFixed(3)}.\n`,
);
say(tableOf('Centre and calibration without both callers of a trial', (pairing) => pairing.crossValidated));
say(tableOf('Centre and calibration as shipped', (pairing) => pairing.shipped));
say(decisionsTable());
say(differencesTable());
for (const { name, side, entriesOf } of [
  { name: pairings[0]?.name, side: made, entriesOf: made },
  { name: ours, side: heard, entriesOf: heard },
  { name: pairings[2]?.name, side: heard, entriesOf: made },
])
  if (side.model.impostorTail) say(`Watchlist of one entry, ${name ?? ''}: ${alarms(side, entriesOf)}`);

async function heardBy(model: string): Promise<Side> {
  const engine = await createEngine({ modelDir: model, workers: 1 });
  const { audio, cache } = values;
  const options = { audio, cache, model, trials: join(audio, 'trials.tsv'), out: cache, write: false };
  try {
    return { model: engine.model, material: await gather(engine, options, () => undefined) };
  } finally {
    await engine.shutdown();
  }
}

function withReferencesOf(from: Material, material: Material): Material {
  const { comparisons } = material;
  if (from.comparisons.length !== comparisons.length)
    throw new Error('the models did not hear the same comparisons');
  return {
    ...material,
    comparisons: comparisons.map((one, i) => {
      const other = from.comparisons[i];
      if (other?.enrolSpeaker !== one.enrolSpeaker || other.seconds !== one.seconds)
        throw new Error('the models did not hear the same comparisons');
      return { ...one, reference: other.reference };
    }),
  };
}

function pairingOf(name: string, { model, material }: Side): Pairing {
  const { comparisons } = material;
  // Neither model normalises scores, so no cohort takes part.
  const noCohort = { numbers: new Float32Array(0), size: model.embeddingSize };
  const scores = scoresOf(material, model, noCohort, { centring: true, topN: null });
  const problem = { comparisons, scores, weights: weightsOf(comparisons), ranges: rangesOf(comparisons) };
  const crossValidated = new Fit({ ...problem, terms: sideTerms }).crossValidated();
  return { name, comparisons, crossValidated, shipped: shippedLlrs(comparisons, model) };
}

function shippedLlrs(comparisons: readonly Comparison[], model: ScoringModel): Float64Array {
  const scorer = new Scorer(model);
  return Float64Array.from(comparisons, ({ reference, probe }) => {
    const one = scorer.ready(reference.direction, reference.netSpeechMs);
    const other = scorer.ready(probe.direction, probe.netSpeechMs);
    if (!one || !other) throw new RangeError('a voice lies on the centre');
    return scorer.llr(one, other, probe.snrDb);
  });
}

function tableOf(title: string, llrsOf: (pairing: Pairing) => Float64Array): string {
  const rows = reachedSeconds(heard.material.comparisons).flatMap((seconds) =>
    pairings.map((pairing) => {
      const trials = trialsAt(pairing.comparisons, llrsOf(pairing), seconds);
      const { cllr, eer, frrAtFar1, frrAtFar03 } = figuresOf(trials, draws, seededRandom(seed));
      return [
        `${seconds} s`,
        pairing.name,
        figure(cllr, (value) => value.toFixed(3)),
        ...[eer, frrAtFar1, frrAtFar03].map((one) => figure(one, (value) => percent(value, 1))),
      ];
    }),
  );
  const head = ['net speech', 'compared', 'Cllr', 'EER', 'FRR at FAR 1 %', 'FRR at FAR 0.3 %'];
  return `## ${title}\n\n${markdownTable([head, ...rows])}\n`;
}

/** What the operating point of the default policy does, its threshold unmoved. */
function decisionsTable(): string {
  const { acceptLlr, operatingPoint } = thresholdsOf(defaultPolicy, heard.model.id);
  const rows = reachedSeconds(heard.material.comparisons).flatMap((seconds) =>
    pairings.map(({ name, comparisons, shipped }) => {
      const trials = trialsAt(comparisons, shipped, seconds);
      const shareOf = (some: readonly ScoredTrial[], isAccepted: boolean) =>
        withInterval(
          shareByCaller(
            some.map(({ score, probeSpeaker: caller }) => {
              return { call: caller, caller, happened: score > acceptLlr === isAccepted };
            }),
          ),
        );
      const strangers = trials.filter((trial) => !trial.target);
      const own = trials.filter((trial) => trial.target);
      return [`${seconds} s`, name, shareOf(strangers, true), shareOf(own, false)];
    }),
  );
  const head = ['net speech', 'compared', 'strangers accepted', 'own not accepted'];
  return `## Operating point ${operatingPoint}, llr ${acceptLlr.toFixed(2)}, as shipped\n\n${markdownTable([head, ...rows])}\n`;
}

/** Old voiceprints with new calls less each of the others, under the same draws of callers. */
function differencesTable(): string {
  const [old, fresh, third] = pairings;
  if (!old || !fresh || !third) throw new Error('three pairings are compared');
  const rows = reachedSeconds(heard.material.comparisons).flatMap((seconds) =>
    [old, fresh].map((pairing) => {
      const sorted = ({ comparisons, crossValidated }: Pairing) =>
        sortTrials(trialsAt(comparisons, crossValidated, seconds));
      const gap = bootstrapDifference(sorted(pairing), sorted(third), measure, draws, seededRandom(seed));
      const shown = (name: 'cllr' | 'eer' | 'frrAtFar1', unit: number, digits: number): string =>
        gap === null
          ? ''
          : `${(unit * gap[name].low).toFixed(digits)} to ${(unit * gap[name].high).toFixed(digits)}`;
      return [
        `${seconds} s`,
        pairing.name,
        shown('cllr', 1, 3),
        shown('eer', 100, 1),
        shown('frrAtFar1', 100, 1),
      ];
    }),
  );
  const head = ['net speech', 'less', 'Cllr', 'EER, points', 'FRR at FAR 1 %, points'];
  return `## ${third.name}: differences, without both callers of a trial\n\n${markdownTable([head, ...rows])}\n`;
}

function alarms({ model, material }: Side, entriesOf: Side): string {
  if (!model.impostorTail) throw new Error(`${model.id} has no impostor tail`);
  const entries = new Map(entriesOf.material.screened.map(({ call, entry }) => [call, entry]));
  const screened = material.screened.map((one) => ({ ...one, entry: entries.get(one.call) ?? null }));
  const nominal = defaultPolicy.watchlist.falseAlarmsPerCall;
  const found = alarmsOfOneEntry(screened, model.centre, model.impostorTail, nominal);
  return `nominal ${percent(nominal, 1)}, alarms in ${withInterval(shareByCaller(found))} of ${found.length} calls against somebody else's entry.`;
}

function cosines(some: readonly Comparison[], others: readonly Comparison[]): number[] {
  const pairs = new Map(some.map(({ reference }, i) => [reference, others[i]?.reference]));
  return [...pairs].flatMap(([one, other]) => (other ? [dot(one.direction, other.direction)] : []));
}

function figure({ value, ci95 }: Figure, shown: (value: number) => string): string {
  return ci95 === null ? shown(value) : `${shown(value)} (${shown(ci95.low)} to ${shown(ci95.high)})`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
