import { figuresOf, type Figure, type FigureName } from '../../src/core/evaluation/figures.js';
import type { ScoredTrial } from '../../src/core/evaluation/trials.js';
import { seededRandom } from './seeded-random.js';

/** Fewer trials of a kind than this make no figure worth printing. */
const minTrials = 30;
const draws = 1000;

export interface SplitReport {
  readonly name: string;
  readonly trials: { readonly target: number; readonly nontarget: number; readonly speakers: number };
  /** Null when there are too few trials. */
  readonly figures: Record<FigureName, Figure> | null;
}

export function splitReport(name: string, trials: readonly ScoredTrial[]): SplitReport {
  const target = trials.filter((trial) => trial.target).length;
  const nontarget = trials.length - target;
  const speakers = new Set(trials.flatMap((t) => [t.enrolSpeaker, t.probeSpeaker])).size;
  return {
    name,
    trials: { target, nontarget, speakers },
    figures: Math.min(target, nontarget) < minTrials ? null : figuresOf(trials, draws, seededRandom(1)),
  };
}

const columns: readonly [FigureName, string, 'share' | 'number'][] = [
  ['eer', 'EER', 'share'],
  ['minDcf01', 'minDCF 0.01', 'number'],
  ['actDcf01', 'actDCF 0.01', 'number'],
  ['minDcf600', 'minDCF 1/600', 'number'],
  ['actDcf600', 'actDCF 1/600', 'number'],
  ['cllr', 'Cllr', 'number'],
  ['minCllr', 'minCllr', 'number'],
  ['frrAtFar1', 'FRR at FAR 1 %', 'share'],
  ['frrAtFar03', 'FRR at FAR 0.3 %', 'share'],
  ['frrAtFar01', 'FRR at FAR 0.1 %', 'share'],
];

/** Figures as plain numbers under their names, the false rejects by the share of false accepts, intervals beside them. */
export function plainFigures(figures: Record<FigureName, Figure>) {
  const named = columns.map(([name]) => [name, figures[name]] as const);
  return {
    ...Object.fromEntries(named.map(([name, { value }]) => [name, value])),
    frrAtFar: {
      '0.01': figures.frrAtFar1.value,
      '0.003': figures.frrAtFar03.value,
      '0.001': figures.frrAtFar01.value,
    },
    ci95: Object.fromEntries(named.map(([name, { ci95 }]) => [name, ci95])),
  };
}

export function toMarkdown(splits: readonly SplitReport[]): string {
  const head = ['Trials', 'Target', 'Non-target', 'Speakers', ...columns.map(([, title]) => title)];
  const rows = splits.map(({ name, trials, figures }) => [
    name,
    String(trials.target),
    String(trials.nontarget),
    String(trials.speakers),
    ...columns.map(([figure, , kind]) => (figures ? cell(figures[figure], kind) : 'too few')),
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell({ value, ci95 }: Figure, kind: 'share' | 'number'): string {
  const text = (x: number): string => (kind === 'share' ? `${(x * 100).toFixed(1)} %` : x.toFixed(3));
  return ci95 ? `${text(value)} (${text(ci95.low)} to ${text(ci95.high)})` : text(value);
}
