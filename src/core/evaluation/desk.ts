import { severities, type ReasonCode, type Severity } from '../risk/risk-reason.js';
import { bootstrapBySpeaker, type Interval } from './bootstrap.js';
import type { ScoredTrial, SortedTrials } from './trials.js';

/** A call whose truth is known, and the flag that stood on it at some moment; null: none. */
export interface DeskCall extends Omit<ScoredTrial, 'score'> {
  readonly flag: { readonly severity: Severity; readonly reasons: readonly ReasonCode[] } | null;
}

export interface DeskFigure {
  readonly value: number;
  /** Null when the calls have too few callers to draw from. */
  readonly ci95: Interval | null;
}

/** What a fraud desk would see of these calls, if one in so many were a fraud. */
export interface DeskFigures {
  readonly flagsPer1000: DeskFigure;
  /** Share of the flags that are right. */
  readonly precision: DeskFigure;
  /** Share of the frauds that are flagged. */
  readonly recall: DeskFigure;
}

/** A severity counts with all graver ones. */
export type DeskRow =
  | { readonly kind: 'severity'; readonly from: Severity }
  | { readonly kind: 'reason'; readonly code: ReasonCode };

/**
 * Flags a thousand calls, precision and recall, with every non-target call a fraud and every target call a customer, mixed at the
 * base rate: precision = π·r / (π·r + (1 − π)·g), where r is the share of frauds and g that of customers who are flagged. Intervals
 * draw callers, not calls.
 */
export function deskFigures(
  calls: readonly DeskCall[],
  rows: readonly DeskRow[],
  baseRate: number,
  draws: number,
  random: () => number,
): readonly (DeskFigures & { readonly row: DeskRow })[] {
  const trials = calls.map((call) => ({ ...call, score: 0 }));
  const isIn = rows.map((row) => Uint8Array.from(calls, ({ flag }) => (flag && counts(flag, row) ? 1 : 0)));
  const measure = ({ weights }: SortedTrials): Record<string, number> => {
    const total = { target: 0, nontarget: 0 };
    weights.forEach((weight, i) => (total[kindOf(trials[i])] += weight));
    return Object.fromEntries(
      isIn.flatMap((flagged, row) => {
        const hit = { target: 0, nontarget: 0 };
        weights.forEach((weight, i) => {
          if (flagged[i] === 1) hit[kindOf(trials[i])] += weight;
        });
        const recall = hit.nontarget / total.nontarget;
        const frauds = baseRate * recall;
        const flags = frauds + ((1 - baseRate) * hit.target) / total.target;
        return [
          [`${row} flags`, 1000 * flags],
          [`${row} precision`, flags === 0 ? 1 : frauds / flags],
          [`${row} recall`, recall],
        ];
      }),
    );
  };
  const all: SortedTrials = { trials, weights: new Float64Array(trials.length).fill(1) };
  const values = measure(all);
  const intervals = bootstrapBySpeaker(all, measure, draws, random);
  return rows.map((row, i) => {
    const figure = (name: string): DeskFigure => ({
      value: values[`${i} ${name}`] ?? NaN,
      ci95: intervals?.[`${i} ${name}`] ?? null,
    });
    return { row, flagsPer1000: figure('flags'), precision: figure('precision'), recall: figure('recall') };
  });
}

function counts({ severity, reasons }: NonNullable<DeskCall['flag']>, row: DeskRow): boolean {
  if (row.kind === 'reason') return reasons.includes(row.code);
  return severities.indexOf(severity) >= severities.indexOf(row.from);
}

const kindOf = (trial: { readonly target: boolean } | undefined): 'target' | 'nontarget' =>
  trial?.target === true ? 'target' : 'nontarget';
