import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import { UsageError } from '../evaluate/arguments.js';
import { evidenceAfter, voiceprintOf, type Voice } from '../evaluate/compare.js';
import { hearAll, utterancesOf } from '../evaluate/heard.js';
import { parseTrials, speakerOf, type Trial } from '../evaluate/trial-list.js';
import type { CalibrateOptions } from './arguments.js';

/** Net speech at which a probe is compared: evidence must be calibrated at every moment of a call. */
export const prefixSeconds = [3, 4, 5, 6.5, 8, 10, 13, 16, 20] as const;
/** Those that are reported. */
export const reportedSeconds = [3, 5, 10, 20] as const;

export interface Comparison {
  readonly target: boolean;
  readonly enrolSpeaker: string;
  readonly probeSpeaker: string;
  readonly seconds: number;
  readonly reference: Voice;
  readonly probe: Voice;
}

export interface Material {
  readonly comparisons: readonly Comparison[];
  /** The voice of each call, by caller. */
  readonly calls: ReadonlyMap<string, readonly Float32Array[]>;
  /** Trials with speech on both sides. */
  readonly trials: { readonly target: number; readonly nontarget: number };
}

/**
 * Each trial's probe begins with its own utterances and goes on with the rest of the same call, wrapping around at its end: so
 * there is speech enough for 10 and 20 s, never of the call that was enrolled on.
 */
export async function gather(
  engine: AnalysisEngine,
  options: CalibrateOptions,
  onProgress: (done: number, all: number) => void,
): Promise<Material> {
  const trials = parseTrials(await readFile(options.trials, 'utf8'));
  const jobs = new Map<string, () => Promise<string[]>>();
  const { audio } = options;
  for (const trial of trials) {
    jobs.set(trial.enrolCall, () => utterancesOf(audio, trial.enrolCall));
    jobs.set(streamKey(trial), () => streamFrom(audio, trial));
    jobs.set(trial.probeCall, () => utterancesOf(audio, trial.probeCall));
  }
  const heard = await hearAll(engine, jobs, options.cache, onProgress);
  const references = new Map<string, Voice>();
  const calls = new Map<string, Float32Array[]>();
  for (const call of new Set(trials.flatMap((trial) => [trial.enrolCall, trial.probeCall]))) {
    const speech = heard.get(call);
    const voice = speech && voiceprintOf(speech);
    if (!voice) continue;
    references.set(call, voice);
    calls.set(speakerOf(call), [...(calls.get(speakerOf(call)) ?? []), voice.direction]);
  }
  const prefixes = new Map<string, (readonly [number, Voice])[]>();
  for (const key of new Set(trials.map(streamKey))) {
    const stream = heard.get(key);
    const found = prefixSeconds.flatMap((seconds) => {
      const voice = stream && evidenceAfter(stream, seconds * 1000);
      return voice ? [[seconds, voice] as const] : [];
    });
    prefixes.set(key, found);
  }
  const counts = { target: 0, nontarget: 0 };
  const comparisons = trials.flatMap((trial) => {
    const reference = references.get(trial.enrolCall);
    const ofProbe = prefixes.get(streamKey(trial)) ?? [];
    if (!reference || ofProbe.length === 0) return [];
    counts[trial.target ? 'target' : 'nontarget'] += 1;
    const { target } = trial;
    const enrolSpeaker = speakerOf(trial.enrolCall);
    const probeSpeaker = speakerOf(trial.probeCall);
    return ofProbe.map(([seconds, probe]) => ({
      target,
      enrolSpeaker,
      probeSpeaker,
      seconds,
      reference,
      probe,
    }));
  });
  return { comparisons, calls, trials: counts };
}

const streamKey = ({ probeCall, probeUtterances }: Trial): string =>
  `${probeCall} from ${probeUtterances.join()}`;

async function streamFrom(audio: string, { probeCall, probeUtterances }: Trial): Promise<string[]> {
  const all = await utterancesOf(audio, probeCall);
  const first = all.findIndex((file) => basename(file) === `${probeUtterances[0] ?? ''}.wav`);
  if (first < 0)
    throw new UsageError(`${join(audio, probeCall)} has no utterance ${probeUtterances[0] ?? ''}`);
  return [...all.slice(first), ...all.slice(0, first)];
}
