import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Scorer, type ComparableVoice, type ScoringModel } from '../../src/core/speaker/scoring.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import { screenedCall, type ScreenedCall } from '../../tools/calibrate/screened-call.js';
import { evidenceOfAll, voiceprintOf, type Voice } from '../../tools/evaluate/compare.js';
import { hearAll, utterancesOf, type Heard } from '../../tools/evaluate/heard.js';
import {
  parseCalls,
  parseTrials,
  speakerOf,
  type CallFacts,
  type Trial,
} from '../../tools/evaluate/trial-list.js';

/** Callers with their calls heard through the engine, before anything is centred. */
export interface Population {
  readonly trials: readonly Trial[];
  readonly facts: ReadonlyMap<string, CallFacts>;
  /** By call. */
  readonly voiceprints: ReadonlyMap<string, Voice>;
  /** By `probeKey`. */
  readonly probes: ReadonlyMap<string, Voice>;
  readonly screened: readonly ScreenedCall[];
}

export interface Compared {
  readonly target: boolean;
  readonly enrolSpeaker: string;
  readonly probeSpeaker: string;
  readonly probe: string;
  /** llr. */
  readonly score: number;
  /** Empty where one of them is not recorded. */
  readonly genders: string;
}

export async function populationOf(
  engine: AnalysisEngine,
  audio: string,
  cache: string,
): Promise<Population> {
  const trials = parseTrials(await readFile(join(audio, 'trials.tsv'), 'utf8'));
  const facts = parseCalls(await readFile(join(audio, 'calls.tsv'), 'utf8'));
  const calls = new Set(trials.flatMap(({ enrolCall, probeCall }) => [enrolCall, probeCall]));
  const jobs = new Map([...calls].map((call) => [call, () => utterancesOf(audio, call)]));
  for (const trial of trials) {
    const files = trial.probeUtterances.map((name) => join(audio, trial.probeCall, `${name}.wav`));
    jobs.set(probeKey(trial), () => Promise.resolve(files));
  }
  const heard = await hearAll(engine, jobs, cache, () => undefined);
  const voices = (keys: Iterable<string>, of: (speech: Heard) => Voice | null): Map<string, Voice> =>
    new Map(
      [...keys].flatMap((key) => {
        const speech = heard.get(key);
        const voice = speech && of(speech);
        return voice ? [[key, voice] as const] : [];
      }),
    );
  const screened = [...calls].flatMap((call) => {
    const speech = heard.get(call);
    return (speech && screenedCall(call, speech)) ?? [];
  });
  return {
    trials,
    facts,
    voiceprints: voices(calls, voiceprintOf),
    probes: voices(new Set(trials.map(probeKey)), evidenceOfAll),
    screened,
  };
}

/** Every trial as the product compares: the whole probe with the voiceprint of the whole call, around `centre`. */
export function compare(
  { trials, facts, voiceprints, probes }: Population,
  model: ScoringModel,
  centre: Float32Array | undefined,
): Compared[] {
  const scorer = new Scorer(model, centre);
  const ready = (voices: ReadonlyMap<string, Voice>): Map<string, ComparableVoice | null> =>
    new Map(
      [...voices].map(([key, { direction, netSpeechMs, likeness }]) => [
        key,
        scorer.ready(direction, netSpeechMs, likeness),
      ]),
    );
  const references = ready(voiceprints);
  const heard = ready(probes);
  const genderOf = (call: string): string => facts.get(call)?.gender ?? '';
  return trials.flatMap((trial) => {
    const { target, enrolCall, probeCall } = trial;
    const probe = probeKey(trial);
    const [reference, voice] = [references.get(enrolCall), heard.get(probe)];
    if (!reference || !voice) return [];
    const score = scorer.llr(reference, voice, probes.get(probe)?.snrDb ?? null);
    const sides = [genderOf(enrolCall), genderOf(probeCall)].sort();
    const genders = sides.includes('') ? '' : sides.join(' and ');
    const enrolSpeaker = speakerOf(enrolCall);
    const probeSpeaker = speakerOf(probeCall);
    return [{ target, enrolSpeaker, probeSpeaker, probe, score, genders }];
  });
}

export const probeKey = ({ probeCall, probeUtterances }: Trial): string =>
  `${probeCall} ${probeUtterances.join()}`;
