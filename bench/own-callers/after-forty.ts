import { measure } from '../../src/core/evaluation/figures.js';
import { fitLogistic } from '../../src/core/evaluation/logistic-regression.js';
import { sortTrials } from '../../src/core/evaluation/trials.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { acceptLlrs, measuredBounds } from '../../src/core/speaker/acceptance.js';
import { MeanVoiceBatch, peopleAtOnce } from '../../src/core/speaker/mean-voice-batch.js';
import { noCounts, withCall } from '../../src/core/speaker/own-callers.js';
import { thresholdsOf } from '../../src/core/speaker/thresholds.js';
import type { ModelDescription } from '../../src/engine/engine.port.js';
import { speakerOf } from '../../tools/evaluate/trial-list.js';
import { grouped } from '../../tools/calibrate/strangers.js';
import { alarmsOfOneEntry } from './alarms.js';
import { compare, type Compared, type Population } from './population.js';
import { percent, shareByCaller, withInterval } from './shares.js';

const callersCalling = 40;

export const head = [
  'pairs counted',
  'llr of "0.3 %"',
  'strangers accepted, all',
  'of callers who were not there',
  'Cllr',
  'Cllr of a fit to them',
  'ratio',
  'alarms of one entry',
];

/**
 * The product's own course with so many callers: a mean voice of the first thirty calls, counts of all calls among them around it,
 * thresholds from the counts; then all trials of the population, of which a third of the callers had no part in anything.
 */
export function afterForty(population: Population, model: ModelDescription, random: () => number): string[] {
  const people = shuffled([...new Set([...population.probes.keys()].map(callerOf))], random);
  const calling = new Set(people.slice(0, callersCalling));
  const centre = meanVoiceOf(population, people, model.embeddingSize);
  const compared = compare(population, model, centre);
  const among = compared.filter(({ enrolSpeaker, probeSpeaker }) =>
    both(calling, enrolSpeaker, probeSpeaker),
  );
  const seen = new Set<string>();
  let counts = noCounts;
  for (const trials of grouped(among, ({ probe }) => probe).values()) {
    const caller = trials[0]?.probeSpeaker ?? '';
    // One voiceprint of each other customer.
    const strangers = new Map(
      trials.filter(({ target }) => !target).map((one) => [one.enrolSpeaker, one.score]),
    );
    if (strangers.size === 0) continue;
    counts = withCall(counts, {
      strangerLlrs: [...strangers.values()],
      ownLlr: null,
      isNewCaller: !seen.has(caller),
    });
    seen.add(caller);
  }
  const safe = acceptLlrs((point) => thresholdsOf(defaultPolicy, model.id, point).acceptLlr);
  const { standard } = measuredBounds(counts, safe);
  const others = new Set(people.filter((person) => !calling.has(person)));
  const held = compared.filter(({ enrolSpeaker, probeSpeaker }) => both(others, enrolSpeaker, probeSpeaker));
  const { cllr } = measure(sortTrials(compared));
  const fitted = cllrOfFit(compared);
  const { impostorTail } = model;
  return [
    String(counts.pairs),
    standard.toFixed(2),
    accepted(compared, standard),
    accepted(held, standard),
    cllr.toFixed(3),
    fitted.toFixed(3),
    (cllr / fitted).toFixed(2),
    impostorTail
      ? percent(shareByCaller(alarmsOfOneEntry(population.screened, centre, impostorTail, 0.001)).share)
      : '',
  ];
}

/** Of one call of each of the first of them, as `MeanVoiceGathering` makes it. */
function meanVoiceOf({ probes }: Population, people: readonly string[], embeddingSize: number): Float32Array {
  const batch = new MeanVoiceBatch<string>(embeddingSize);
  for (const person of people.slice(0, peopleAtOnce)) {
    const call = [...probes].find(([key]) => callerOf(key) === person);
    if (call) batch.add(person, call[1].direction);
  }
  const kept = batch.take();
  if (!kept) throw new RangeError(`fewer than ${peopleAtOnce} callers have speech`);
  return Float32Array.from(kept.sum, (value) => value / kept.calls);
}

function accepted(trials: readonly Compared[], acceptLlr: number): string {
  const strangers = trials
    .filter(({ target }) => !target)
    .map((one) => ({ call: one.probe, caller: one.probeSpeaker, happened: one.score > acceptLlr }));
  return withInterval(shareByCaller(strangers));
}

/** Scale and offset fitted to these very trials, equal weight of both kinds. */
function cllrOfFit(trials: readonly Compared[]): number {
  const own = trials.filter(({ target }) => target).length;
  const [scale = 1, offset = 0] = fitLogistic({
    features: Float64Array.from(trials.flatMap(({ score }) => [score, 1])),
    width: 2,
    targets: trials.map(({ target }) => target),
    weights: Float64Array.from(trials, ({ target }) => (target ? 1 / own : 1 / (trials.length - own))),
  });
  const moved = trials.map((one) => ({ ...one, score: scale * one.score + offset }));
  return measure(sortTrials(moved)).cllr;
}

const callerOf = (probe: string): string => speakerOf(probe);
const both = (people: ReadonlySet<string>, ...two: string[]): boolean => two.every((one) => people.has(one));

function shuffled<T>(from: readonly T[], random: () => number): T[] {
  return from
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
