/**
 * What the model's calibration is worth around a tenant's own centre:
 * `npm run build && node dist/bench/own-centre.js --audio ../shared/speech/telephone-dev --cache DIR`
 * A centre is made of one half of the callers as the product makes it (a call that is accepted, once a person) and applied to the
 * trials among the other half, both ways, for many ways of halving. Embeddings in DIR are biometric data: delete them afterwards.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure } from '../src/core/evaluation/figures.js';
import { sortTrials, type ScoredTrial } from '../src/core/evaluation/trials.js';
import { markdownTable } from '../src/core/markdown/markdown-table.js';
import { defaultPolicy } from '../src/core/policy/policy.js';
import { toLlr } from '../src/core/speaker/calibration.js';
import { MeanVoiceAccumulator } from '../src/core/speaker/centring.js';
import { Scorer } from '../src/core/speaker/scoring.js';
import { thresholdsOf } from '../src/core/speaker/thresholds.js';
import { createEngine } from '../src/engine/threaded-engine.js';
import { sideOf } from '../tools/calibrate/at-seconds.js';
import { gather, type Comparison } from '../tools/calibrate/material.js';
import { centreOf } from '../tools/calibrate/variants.js';
import { seededRandom } from '../tools/evaluate/seeded-random.js';

const { values } = parseArgs({
  options: {
    audio: { type: 'string', default: '../shared/speech/telephone-dev' },
    model: { type: 'string', default: 'models/timbre-sv-8k-v1' },
    cache: { type: 'string', default: '/tmp/timbre-own-centre-cache' },
  },
});
const halvings = 20;
const random = seededRandom(20_261_126);
const engine = await createEngine({ modelDir: values.model, workers: 1 });
const { model } = engine;
const options = { ...values, trials: join(values.audio, 'trials.tsv'), out: values.cache, write: false };
const material = await gather(engine, options, () => undefined);
await engine.shutdown();
const accepted = new Map([...material.calls.keys()].flatMap((person) => acceptedCall(person)));
const people = [...material.calls.keys()].sort();
const several = people.filter((person) => (material.calls.get(person)?.length ?? 0) > 1);
const missed = people.length - accepted.size;
say(
  `${people.length} callers, ${several.length} with several calls, of ${missed} of whom none is accepted.\n`,
);

const centres = [
  ['the model’s, as shipped', () => model.centre],
  [
    'fitted as the model’s, without both callers of a trial',
    (_: ReadonlySet<string>, { enrolSpeaker, probeSpeaker }: Comparison) =>
      centreOf(material.calls, model.embeddingSize, [enrolSpeaker, probeSpeaker]),
  ],
  ['own, of the other half of the callers', (half: ReadonlySet<string>) => ownMeanVoice(half)],
  ['none but the network’s', () => undefined],
] as const;
const rows = [5, 10].flatMap((seconds) => {
  const splits = Array.from({ length: halvings }, () => {
    const order = people.map((person) => ({ person, key: random() })).sort((a, b) => a.key - b.key);
    const first = new Set(order.slice(0, order.length >> 1).map(({ person }) => person));
    const second = new Set(people.filter((person) => !first.has(person)));
    return [[first, second] as const, [second, first] as const];
  }).flat();
  return centres.map(([name, centreFor]) => {
    const scored = splits.flatMap(([made, tried]) => llrsOf(seconds, made, tried, centreFor));
    const targets = scored.filter(({ target }) => target).length;
    const { eer, cllr, minCllr, frrAtFar1 } = measure(sortTrials(scored));
    return [
      `${seconds} s`,
      name,
      `${targets} / ${scored.length - targets}`,
      `${(100 * eer).toFixed(1)} %`,
      cllr.toFixed(3),
      minCllr.toFixed(3),
      `${(100 * frrAtFar1).toFixed(1)} %`,
    ];
  });
});
say(markdownTable([['Net speech', 'Centre', 'Trials', 'EER', 'Cllr', 'minCllr', 'FRR at FAR 1 %'], ...rows]));

type CentreFor = (half: ReadonlySet<string>, one: Comparison) => Float32Array | undefined;

/** Under the model's calibration, whatever the centre. */
function llrsOf(
  seconds: number,
  made: ReadonlySet<string>,
  tried: ReadonlySet<string>,
  centreFor: CentreFor,
): ScoredTrial[] {
  const own = new Map<string, Scorer>();
  return material.comparisons.flatMap((one) => {
    const { enrolSpeaker, probeSpeaker, target } = one;
    if (one.seconds !== seconds || !tried.has(enrolSpeaker) || !tried.has(probeSpeaker)) return [];
    const key = [enrolSpeaker, probeSpeaker].join(' ');
    const scorer = own.get(key) ?? new Scorer({ ...model, centre: centreFor(made, one) });
    own.set(key, scorer);
    return [{ target, enrolSpeaker, probeSpeaker, score: llrOf(scorer, one) }];
  });
}

function llrOf(scorer: Scorer, one: Comparison): number {
  const reference = scorer.ready(one.reference.direction, one.reference.netSpeechMs);
  const probe = scorer.ready(one.probe.direction, one.probe.netSpeechMs);
  if (!reference || !probe) throw new RangeError('a voice lies on the centre');
  // Net speech is counted already.
  const side = { ...sideOf(one), likeness: one.probe.likeness };
  return toLlr(scorer.score(reference, probe), side, model.calibration);
}

/** What the product would add of this person: their voice in a call that is accepted. Of a single call none can be: it is taken as it is. */
function acceptedCall(person: string): (readonly [string, Float32Array])[] {
  const [only, ...more] = material.calls.get(person) ?? [];
  if (only && more.length === 0) return [[person, only]];
  const scorer = new Scorer(model);
  const { acceptLlr } = thresholdsOf(defaultPolicy, model.id);
  const call = material.comparisons.find(
    (one) => one.target && one.probeSpeaker === person && one.seconds >= 10 && llrOf(scorer, one) > acceptLlr,
  );
  return call ? [[person, call.probe.direction]] : [];
}

function ownMeanVoice(half: ReadonlySet<string>): Float32Array {
  const sum = new MeanVoiceAccumulator(model.embeddingSize);
  for (const person of half) {
    const voice = accepted.get(person);
    if (voice) sum.add(voice);
  }
  const refit = sum.refit(1);
  if (refit.kind !== 'ready') throw new RangeError('there is nobody to make a centre of');
  return refit.centre;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
