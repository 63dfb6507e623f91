import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ScoredTrial } from '../../src/core/evaluation/trials.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { Scorer, type ComparableVoice, type ScoringModel } from '../../src/core/speaker/scoring.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import type { EvaluateOptions } from './arguments.js';
import { readCentre } from './centre-file.js';
import { evidenceAfter, evidenceOfAll, productEnrolment, voiceprintOf, type Voice } from './compare.js';
import type { PlayedTrial } from './desk.js';
import { hearAll, utterancesOf, type Heard } from './heard.js';
import { playedCall } from './played-call.js';
import { splitReport, type SplitReport } from './report.js';
import { parseCalls, parseTrials, speakerOf, type CallFacts, type Trial } from './trial-list.js';

export interface Evaluation {
  readonly splits: readonly SplitReport[];
  readonly scored: readonly ScoredTrial[];
  /** Trials with no speech on one side, which have no score. */
  readonly unscored: { readonly target: number; readonly nontarget: number };
  readonly enrolments: Record<'complete' | 'incomplete' | 'refused', number>;
  /** The trials as calls; none unless a desk is asked for. */
  readonly played: readonly PlayedTrial[];
}

type Scored = ScoredTrial & { readonly trial: Trial };

export async function evaluate(
  engine: AnalysisEngine,
  options: EvaluateOptions,
  onProgress: (done: number, all: number) => void,
): Promise<Evaluation> {
  const trials = parseTrials(await readFile(options.trials, 'utf8'));
  const callsPath = join(dirname(options.trials), 'calls.tsv');
  const facts = parseCalls(await readFile(callsPath, 'utf8').catch(() => 'speaker'));
  const heard = await hearAll(engine, jobsOf(trials, options.audio), options.cache, onProgress);
  const { embeddingSize } = engine.model;
  const centre = options.centre === undefined ? undefined : await readCentre(options.centre, embeddingSize);
  const scorer = new Scorer(engine.model, centre);
  const ready = (voice: Voice | null): (Voice & { comparable: ComparableVoice }) | null => {
    const comparable = voice && scorer.ready(voice.direction, voice.netSpeechMs, voice.likeness);
    return voice && comparable && { ...voice, comparable };
  };
  const voiceprints = new Map<string, ReturnType<typeof ready>>();
  const enrolments = { complete: 0, incomplete: 0, refused: 0 };
  for (const enrolCall of new Set(trials.map((trial) => trial.enrolCall))) {
    const speech = heardOf(heard, enrolCall);
    voiceprints.set(enrolCall, ready(voiceprintOf(speech)));
    enrolments[productEnrolment(speech, engine.model)] += 1;
  }
  const score = (evidence: (probe: Heard) => Voice | null): Scored[] => {
    const probes = new Map([...heard].map(([key, speech]) => [key, ready(evidence(speech))]));
    return trials.flatMap((trial) => {
      const voiceprint = voiceprints.get(trial.enrolCall);
      const probe = probes.get(probeKey(trial));
      if (!voiceprint || !probe) return [];
      const enrolSpeaker = speakerOf(trial.enrolCall);
      const probeSpeaker = speakerOf(trial.probeCall);
      const llr = scorer.llr(voiceprint.comparable, probe.comparable, probe.snrDb);
      return [{ trial, target: trial.target, enrolSpeaker, probeSpeaker, score: llr }];
    });
  };
  const scored = score(evidenceOfAll);
  const count = (list: readonly { target: boolean }[], target: boolean): number =>
    list.filter((one) => one.target === target).length;
  const played =
    options.deskBaseRate === undefined
      ? []
      : trials.flatMap((trial) => playedTrial(trial, heard, engine.model));
  return {
    scored,
    played,
    unscored: {
      target: count(trials, true) - count(scored, true),
      nontarget: count(trials, false) - count(scored, false),
    },
    enrolments,
    splits: [
      splitReport('all', scored),
      ...[3, 5, 10, 20].map((seconds) =>
        splitReport(
          `net speech ${seconds} s`,
          score((probe) => evidenceAfter(probe, seconds * 1000)),
        ),
      ),
      // The effect of speech alone: the other rows differ in their callers too.
      ...[3, 5, 10].map((seconds) =>
        splitReport(
          `net speech ${seconds} s, trials that have 10 s`,
          score((probe) => evidenceAfter(probe, 10_000) && evidenceAfter(probe, seconds * 1000)),
        ),
      ),
      ...factSplits(scored, facts),
    ],
  };
}

function playedTrial(trial: Trial, heard: ReadonlyMap<string, Heard>, model: ScoringModel): PlayedTrial[] {
  const voiceprint = voiceprintOf(heardOf(heard, trial.enrolCall));
  if (!voiceprint) return [];
  const { target, enrolCall, probeCall } = trial;
  const flags = playedCall(heardOf(heard, probeKey(trial)), voiceprint, model, defaultPolicy);
  return [{ target, enrolSpeaker: speakerOf(enrolCall), probeSpeaker: speakerOf(probeCall), flags }];
}

function factSplits(scored: readonly Scored[], facts: ReadonlyMap<string, CallFacts>): SplitReport[] {
  const known = (fact: keyof CallFacts, trial: Trial): readonly [string, string] | null => {
    const enrol = facts.get(trial.enrolCall)?.[fact];
    const probe = facts.get(trial.probeCall)?.[fact];
    return enrol && probe ? [enrol, probe] : null;
  };
  const pick = (name: string, fact: keyof CallFacts, wanted: (enrol: string, probe: string) => boolean) => {
    const picked = scored.filter(({ trial }) => {
      const sides = known(fact, trial);
      return sides !== null && wanted(...sides);
    });
    return splitReport(name, picked);
  };
  const values = (fact: keyof CallFacts): string[] =>
    [...new Set([...facts.values()].map((call) => call[fact]))].filter((value) => value !== '').sort();
  // Targets are of one gender by nature: all of them are set against the non-targets of the other gender.
  const crossGender = scored.filter(({ trial }) => {
    const sides = known('gender', trial);
    return trial.target || (sides !== null && sides[0] !== sides[1]);
  });
  return [
    ...values('handset').map((h) =>
      pick(`${h} on both sides`, 'handset', (enrol, probe) => enrol === h && probe === h),
    ),
    pick('handsets differ', 'handset', (enrol, probe) => enrol !== probe),
    ...values('gender').map((g) => pick(`both ${g}`, 'gender', (enrol, probe) => enrol === g && probe === g)),
    pick('same gender', 'gender', (enrol, probe) => enrol === probe),
    splitReport('cross-gender non-targets, all targets', crossGender),
  ];
}

const probeKey = ({ probeCall, probeUtterances }: Trial): string => `${probeCall} ${probeUtterances.join()}`;

function heardOf(heard: ReadonlyMap<string, Heard>, key: string): Heard {
  const found = heard.get(key);
  if (!found) throw new Error(`${key} was not played`);
  return found;
}

/** Every enrolment call (all its utterances in order) and every probe, once each. */
function jobsOf(trials: readonly Trial[], audio: string): Map<string, () => Promise<string[]>> {
  const jobs = new Map<string, () => Promise<string[]>>();
  for (const trial of trials) {
    const { enrolCall, probeCall, probeUtterances } = trial;
    jobs.set(enrolCall, () => utterancesOf(audio, enrolCall));
    const probe = probeUtterances.map((name) => join(audio, probeCall, `${name}.wav`));
    jobs.set(probeKey(trial), () => Promise.resolve(probe));
  }
  return jobs;
}
