import { measure, type FigureName } from '../../src/core/evaluation/figures.js';
import { sortTrials, type ScoredTrial } from '../../src/core/evaluation/trials.js';
import { Fit, rangesOf, weightsOf } from './fit.js';
import { reportedSeconds, type Comparison } from './material.js';

export interface AtSeconds {
  readonly seconds: number;
  readonly figures: Record<FigureName, number>;
  /** Logistic regression of the truth on the llr: 1 and 0 where they are calibrated. */
  readonly slope: number;
  readonly intercept: number;
  readonly trials: { readonly target: number; readonly nontarget: number };
}

/** The reported lengths of speech that both kinds of trial reach. */
export function reachedSeconds(comparisons: readonly Comparison[]): number[] {
  const reach = (seconds: number, target: boolean): boolean =>
    comparisons.some((one) => one.seconds === seconds && one.target === target);
  return reportedSeconds.filter((seconds) => reach(seconds, true) && reach(seconds, false));
}

export function sideOf({ reference, probe }: Comparison) {
  return {
    probeNetSpeechMs: probe.netSpeechMs,
    referenceNetSpeechMs: reference.netSpeechMs,
    snrDb: probe.snrDb,
  };
}

export function trialsAt(
  comparisons: readonly Comparison[],
  llrs: ArrayLike<number>,
  seconds: number,
): ScoredTrial[] {
  return comparisons.flatMap(({ target, enrolSpeaker, probeSpeaker, seconds: at }, i) =>
    at === seconds ? [{ target, enrolSpeaker, probeSpeaker, score: llrs[i] ?? NaN }] : [],
  );
}

export function figuresAt(
  comparisons: readonly Comparison[],
  llrs: Float64Array,
  seconds: number,
): AtSeconds {
  const trials = trialsAt(comparisons, llrs, seconds);
  const target = trials.filter((trial) => trial.target).length;
  const [slope, intercept] = calibrationLine(trials);
  return {
    seconds,
    figures: measure(sortTrials(trials)),
    slope,
    intercept,
    trials: { target, nontarget: trials.length - target },
  };
}

function calibrationLine(trials: readonly ScoredTrial[]): [number, number] {
  const comparisons = trials.map((trial) => ({ ...trial, seconds: 0, ...noSide }));
  const scores = Float64Array.from(trials, ({ score }) => score);
  const weights = weightsOf(comparisons);
  const { scale, offset } = new Fit({
    comparisons,
    scores,
    weights,
    terms: [],
    ranges: rangesOf(comparisons),
  }).calibration('');
  return [scale, offset];
}
const noVoice = { direction: new Float32Array(0), netSpeechMs: 1, snrDb: 0, likeness: null };
const noSide = { reference: noVoice, probe: noVoice };
