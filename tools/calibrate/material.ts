import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseWav } from '../../src/core/audio/wav.js';
import type { CountedBy } from '../../src/core/speaker/calibration.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import { UsageError } from '../evaluate/arguments.js';
import { counted, evidenceAfter, voiceprintOf, type Voice } from '../evaluate/compare.js';
import { hearAll, utterancesOf } from '../evaluate/heard.js';
import { screenedCall, type ScreenedCall } from './screened-call.js';
import { parseTrials, speakerOf, type Trial } from '../evaluate/trial-list.js';
import type { CalibrateOptions } from './arguments.js';

/** Net speech at which a probe is compared: evidence must be calibrated at every moment of a call. */
export const prefixSeconds = [3, 4, 5, 6.5, 8, 10, 13, 16, 20] as const;
/** Those that are reported. */
export const reportedSeconds = [3, 5, 10, 20] as const;
export const repeatedSeconds = 10;
/** What lasts longer holds more than a word or two. */
const longestRepeatedMs = 3000;
/** Of a second or more each, with pauses. */
const repetitions = 15;
/** Speech of one caller in twenty differs less. */
const leastVariety = 0.05;

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
  /** The same trials with the probe's first utterance said over and over for `repeatedSeconds`; not fitted to. */
  readonly repeated: readonly Comparison[];
  readonly variety: CountedBy['variety'];
  /** The voice of each call, by caller. */
  readonly calls: ReadonlyMap<string, readonly Float32Array[]>;
  /** The same calls as they would be held against a watchlist. */
  readonly screened: readonly ScreenedCall[];
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
  const looked = new Set<string>();
  for (const trial of trials) {
    jobs.set(trial.enrolCall, () => utterancesOf(audio, trial.enrolCall));
    jobs.set(streamKey(trial), () => streamFrom(audio, trial));
    const key = repeatedKey(trial);
    if (!looked.has(key) && (await isShort(firstOf(audio, trial)))) {
      jobs.set(key, () => Promise.resolve(Array.from({ length: repetitions }, () => firstOf(audio, trial))));
    }
    looked.add(key);
    jobs.set(trial.probeCall, () => utterancesOf(audio, trial.probeCall));
  }
  const heard = await hearAll(engine, jobs, options.cache, onProgress);
  const references = new Map<string, Voice>();
  const calls = new Map<string, Float32Array[]>();
  const screened: ScreenedCall[] = [];
  for (const call of new Set(trials.flatMap((trial) => [trial.enrolCall, trial.probeCall]))) {
    const speech = heard.get(call);
    const voice = speech && voiceprintOf(speech);
    if (!voice) continue;
    references.set(call, voice);
    const asScreened = screenedCall(call, speech);
    if (asScreened) screened.push(asScreened);
    calls.set(speakerOf(call), [...(calls.get(speakerOf(call)) ?? []), voice.direction]);
  }
  const probes = new Map<string, (readonly [number, Voice])[]>();
  const layOut = (key: string, lengths: readonly number[]): void => {
    const stream = heard.get(key);
    if (probes.has(key) || !stream) return;
    const found = lengths.flatMap((seconds) => {
      const voice = evidenceAfter(stream, seconds * 1000);
      return voice ? [[seconds, voice] as const] : [];
    });
    probes.set(key, found);
  };
  for (const trial of trials) layOut(streamKey(trial), prefixSeconds);
  const variety = varietyOf([...probes.values()].flat());
  for (const trial of trials) layOut(repeatedKey(trial), [repeatedSeconds]);
  const known = { variety, probeNetSpeech: shortest };
  const compared = (trial: Trial, key: string): Comparison[] => {
    const reference = references.get(trial.enrolCall);
    const { target } = trial;
    const enrolSpeaker = speakerOf(trial.enrolCall);
    const probeSpeaker = speakerOf(trial.probeCall);
    return (probes.get(key) ?? []).flatMap(([seconds, voice]) =>
      reference
        ? [{ target, enrolSpeaker, probeSpeaker, seconds, reference, probe: voiceFor(voice, known) }]
        : [],
    );
  };
  const counts = { target: 0, nontarget: 0 };
  const comparisons = trials.flatMap((trial) => {
    const found = compared(trial, streamKey(trial));
    if (found.length > 0) counts[trial.target ? 'target' : 'nontarget'] += 1;
    return found;
  });
  const repeated = trials.flatMap((trial) => compared(trial, repeatedKey(trial)));
  return { comparisons, repeated, variety, calls, screened, trials: counts };
}

const shortest = { at: 1, from: prefixSeconds[0] * 1000, to: Infinity, scale: 0, offset: 0 };

/** One object a voice, so that each is made ready once. */
const countedVoices = new WeakMap<Voice, Voice>();
function voiceFor(voice: Voice, known: CountedBy): Voice {
  const kept = countedVoices.get(voice) ?? counted(voice, known);
  countedVoices.set(voice, kept);
  return kept;
}

/** So that the speech of nearly every caller counts in full. Undefined when no probe is long enough to tell. */
function varietyOf(probes: readonly (readonly [number, Voice])[]): CountedBy['variety'] {
  const rising = probes
    .flatMap(([, { likeness }]) => (likeness === null ? [] : [1 - likeness]))
    .sort((a, b) => a - b);
  const full = rising[Math.floor(leastVariety * rising.length)];
  return full !== undefined && full > 0 ? { full: Number(full.toPrecision(2)) } : undefined;
}

const repeatedKey = ({ probeCall, probeUtterances }: Trial): string =>
  `${probeCall} ${probeUtterances[0] ?? ''} over and over`;

const streamKey = ({ probeCall, probeUtterances }: Trial): string =>
  `${probeCall} from ${probeUtterances.join()}`;

const firstOf = (audio: string, { probeCall, probeUtterances }: Trial): string =>
  join(audio, probeCall, `${probeUtterances[0] ?? ''}.wav`);

async function isShort(file: string): Promise<boolean> {
  // A file that is missing is told of where it is played.
  const wav = parseWav(await readFile(file).catch(() => new Uint8Array()));
  return wav.kind === 'ok' && wav.durationMs <= longestRepeatedMs;
}

async function streamFrom(audio: string, { probeCall, probeUtterances }: Trial): Promise<string[]> {
  const all = await utterancesOf(audio, probeCall);
  const first = all.findIndex((file) => basename(file) === `${probeUtterances[0] ?? ''}.wav`);
  if (first < 0)
    throw new UsageError(`${join(audio, probeCall)} has no utterance ${probeUtterances[0] ?? ''}`);
  return [...all.slice(first), ...all.slice(0, first)];
}
