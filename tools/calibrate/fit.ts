import { fitLogistic } from '../../src/core/evaluation/logistic-regression.js';
import {
  snrFeature,
  speechFeature,
  toLlr,
  type Calibration,
  type SideTerm,
} from '../../src/core/speaker/calibration.js';
import type { Comparison } from './material.js';

export type TermName = 'probeNetSpeech' | 'referenceNetSpeech' | 'snr';
type Range = Pick<SideTerm, 'at' | 'from' | 'to'>;

/**
 * The range that the voices cover, but for the most extreme tenth at each end, where single calls would speak for all; of
 * probes, the lengths that were laid out.
 */
export function rangesOf(comparisons: readonly Comparison[]): Record<TermName, Range> {
  const range = (values: readonly number[], left: number): Range => {
    const rising = [...values].sort((a, b) => a - b);
    const at = (share: number): number => {
      const value = rising[Math.round(share * (rising.length - 1))] ?? NaN;
      return Number(value.toPrecision(2));
    };
    return { at: at(0.5), from: at(left), to: at(1 - left) };
  };
  const probes = [...new Set(comparisons.map(({ probe }) => probe))];
  const references = [...new Set(comparisons.map(({ reference }) => reference))];
  const netSpeechMs = (voice: { readonly netSpeechMs: number }): number => voice.netSpeechMs;
  return {
    probeNetSpeech: range(probes.map(netSpeechMs), 0),
    referenceNetSpeech: range(references.map(netSpeechMs), 0.1),
    snr: range(
      probes.flatMap(({ snrDb }) => snrDb ?? []),
      0.1,
    ),
  };
}

/** Both kinds of trial weigh the same at each length of speech, and so do the lengths. */
export function weightsOf(comparisons: readonly Comparison[]): Float64Array {
  const kind = ({ seconds, target }: Comparison): string => `${seconds} ${String(target)}`;
  const counts = new Map<string, number>();
  for (const one of comparisons) counts.set(kind(one), (counts.get(kind(one)) ?? 0) + 1);
  return Float64Array.from(comparisons, (one) => 1 / (counts.get(kind(one)) ?? 1));
}

export interface Problem {
  readonly comparisons: readonly Comparison[];
  readonly scores: Float64Array;
  readonly weights: Float64Array;
  readonly terms: readonly TermName[];
  readonly ranges: Record<TermName, Range>;
}

const foldCount = 10;

/** All of a problem's comparisons as features, and the fits made of them. */
export class Fit {
  private readonly features: Float64Array;
  private readonly width: number;
  private readonly targets: boolean[];

  constructor(private readonly problem: Problem) {
    const { comparisons, scores, terms, ranges } = problem;
    this.width = 2 + 2 * terms.length;
    this.features = new Float64Array(comparisons.length * this.width);
    this.targets = comparisons.map(({ target }) => target);
    comparisons.forEach(({ probe, reference }, row) => {
      const score = scores[row] ?? NaN;
      const side: Record<TermName, number> = {
        probeNetSpeech: speechFeature(probe.netSpeechMs, ranges.probeNetSpeech),
        referenceNetSpeech: speechFeature(reference.netSpeechMs, ranges.referenceNetSpeech),
        snr: snrFeature(probe.snrDb, ranges.snr),
      };
      const xs = terms.map((term) => side[term]);
      this.features.set([score, 1, ...xs.flatMap((x) => [x * score, x])], row * this.width);
    });
  }

  calibration(modelSha256: string): Calibration {
    return this.toCalibration(this.solve(this.problem.weights), modelSha256);
  }

  /** llr of each comparison from a fit in which neither of its callers took part. */
  crossValidated(): Float64Array {
    const { comparisons, weights, scores } = this.problem;
    const folds = foldsOf(comparisons);
    const foldsAt = comparisons.map(
      (one) => [folds.get(one.enrolSpeaker) ?? 0, folds.get(one.probeSpeaker) ?? 0] as const,
    );
    const llrs = new Float64Array(scores.length);
    const start = this.solve(weights);
    for (let i = 0; i < foldCount; i++) {
      for (let j = i; j < foldCount; j++) {
        const isTested = ([a, b]: readonly [number, number]): boolean =>
          (a === i && b === j) || (a === j && b === i);
        if (!foldsAt.some(isTested)) continue;
        const isKept = ([a, b]: readonly [number, number]): boolean =>
          a !== i && a !== j && b !== i && b !== j;
        const kept = weights.map((weight, row) => (isKept(foldsAt[row] ?? [i, i]) ? weight : 0));
        const calibration = this.toCalibration(this.solve(balanced(kept, this.targets), start), '');
        comparisons.forEach(({ probe, reference }, row) => {
          if (!isTested(foldsAt[row] ?? [-1, -1])) return;
          const side = {
            probeNetSpeechMs: probe.netSpeechMs,
            referenceNetSpeechMs: reference.netSpeechMs,
            snrDb: probe.snrDb,
          };
          llrs[row] = toLlr(scores[row] ?? NaN, side, calibration);
        });
      }
    }
    return llrs;
  }

  private solve(weights: Float64Array, start?: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const { features, width, targets } = this;
    return fitLogistic({ features, width, targets, weights }, start);
  }

  private toCalibration(coefficients: Float64Array, modelSha256: string): Calibration {
    const { terms, ranges } = this.problem;
    const at = (i: number): number => Number((coefficients[i] ?? NaN).toFixed(4));
    const side = Object.fromEntries(
      terms.map((term, i) => [term, { ...ranges[term], scale: at(2 + 2 * i), offset: at(3 + 2 * i) }]),
    );
    return { modelSha256, scale: at(0), offset: at(1), ...side };
  }
}

/** Left-out callers may take more of one kind with them: the state prior stays even. */
function balanced(weights: Float64Array, targets: readonly boolean[]): Float64Array {
  let ofTargets = 0;
  let ofNontargets = 0;
  weights.forEach((weight, row) => {
    if (targets[row] === true) ofTargets += weight;
    else ofNontargets += weight;
  });
  return weights.map((weight, row) => weight / (targets[row] === true ? ofTargets : ofNontargets));
}

/** Callers with many target trials are spread over the folds first. */
function foldsOf(comparisons: readonly Comparison[]): Map<string, number> {
  const targets = new Map<string, number>();
  for (const { target, enrolSpeaker, probeSpeaker } of comparisons) {
    targets.set(enrolSpeaker, (targets.get(enrolSpeaker) ?? 0) + (target ? 1 : 0));
    if (!targets.has(probeSpeaker)) targets.set(probeSpeaker, 0);
  }
  const byCount = [...targets].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Map(byCount.map(([speaker], i) => [speaker, i % foldCount]));
}
