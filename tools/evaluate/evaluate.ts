import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ScoredTrial } from '../../src/core/evaluation/trials.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import type { EvaluateOptions } from './arguments.js';
import { evidenceAfter, evidenceOfAll, llrOf, productEnrolment, voiceprintOf } from './compare.js';
import { hear, type Heard } from './heard.js';
import { splitReport, type SplitReport } from './report.js';
import { parseCalls, parseTrials, speakerOf, type CallFacts, type Trial } from './trial-list.js';

export interface Evaluation {
  readonly splits: readonly SplitReport[];
  readonly scored: readonly ScoredTrial[];
  /** Trials with no speech on one side, which have no score. */
  readonly unscored: { readonly target: number; readonly nontarget: number };
  readonly enrolments: Record<'complete' | 'incomplete' | 'refused', number>;
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
  const heard = await hearAll(engine, trials, options, onProgress);
  const { calibration } = engine.model;
  const voiceprints = new Map<string, Float32Array | null>();
  const enrolments = { complete: 0, incomplete: 0, refused: 0 };
  for (const enrolCall of new Set(trials.map((trial) => trial.enrolCall))) {
    const speech = heardOf(heard, enrolCall);
    voiceprints.set(enrolCall, voiceprintOf(speech));
    enrolments[productEnrolment(speech, calibration)] += 1;
  }
  const score = (evidence: (probe: Heard) => Float32Array | null): Scored[] => {
    const probes = new Map([...heard].map(([key, speech]) => [key, evidence(speech)]));
    return trials.flatMap((trial) => {
      const voiceprint = voiceprints.get(trial.enrolCall);
      const direction = probes.get(probeKey(trial));
      if (!voiceprint || !direction) return [];
      const enrolSpeaker = speakerOf(trial.enrolCall);
      const probeSpeaker = speakerOf(trial.probeCall);
      const llr = llrOf(voiceprint, direction, calibration);
      return [{ trial, target: trial.target, enrolSpeaker, probeSpeaker, score: llr }];
    });
  };
  const scored = score(evidenceOfAll);
  const count = (list: readonly { target: boolean }[], target: boolean): number =>
    list.filter((one) => one.target === target).length;
  return {
    scored,
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
      ...factSplits(scored, facts),
    ],
  };
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
async function hearAll(
  engine: AnalysisEngine,
  trials: readonly Trial[],
  { audio, out }: EvaluateOptions,
  onProgress: (done: number, all: number) => void,
): Promise<Map<string, Heard>> {
  const jobs = new Map<string, () => Promise<string[]>>();
  for (const trial of trials) {
    const { enrolCall, probeCall, probeUtterances } = trial;
    jobs.set(enrolCall, async () => {
      const names = (await readdir(join(audio, enrolCall))).filter((name) => name.endsWith('.wav'));
      return names.sort().map((name) => join(audio, enrolCall, name));
    });
    const probe = probeUtterances.map((name) => join(audio, probeCall, `${name}.wav`));
    jobs.set(probeKey(trial), () => Promise.resolve(probe));
  }
  const heard = new Map<string, Heard>();
  for (const [key, files] of jobs) {
    heard.set(key, await hear(engine, await files(), join(out, 'cache')));
    onProgress(heard.size, jobs.size);
  }
  return heard;
}
