import { rocPoints } from '../../src/core/evaluation/error-rates.js';
import { llrOfBlock, poolAdjacentViolators } from '../../src/core/evaluation/pav.js';
import { probit } from '../../src/core/evaluation/probit.js';
import { sortTrials, totalsOf, type ScoredTrial } from '../../src/core/evaluation/trials.js';
import { plot, type Axis } from './plot.js';

const llrAxis = (title: string): Axis => ({
  title,
  from: -15,
  to: 15,
  ticks: [-15, -10, -5, 0, 5, 10, 15].map((at) => ({ at, label: String(at).replace('-', '−') })),
});

const rateAxis = (title: string): Axis => ({
  title,
  from: probit(0.0005),
  to: probit(0.5),
  ticks: [0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4].map((rate) => ({
    at: probit(rate),
    label: `${rate * 100} %`,
  })),
});

export function detPlot(trials: readonly ScoredTrial[]): string {
  const points = rocPoints(sortTrials(trials))
    .filter((point) => point.falseAcceptRate > 0 && point.falseRejectRate > 0)
    .map((point) => [probit(point.falseAcceptRate), probit(point.falseRejectRate)] as const);
  const equal = [0.0005, 0.5].map((rate) => [probit(rate), probit(rate)] as const);
  const lines = [
    { label: 'these trials', colour: '#0b5cad', points },
    { label: 'equal errors', colour: '#777', dashed: true, points: equal },
  ];
  return plot('DET', rateAxis('false accepts'), rateAxis('false rejects'), lines);
}

const binNats = 0.5;

export function histogram(trials: readonly ScoredTrial[]): string {
  const shares = (target: boolean) => {
    const scores = trials.filter((trial) => trial.target === target).map(({ score }) => score);
    const bins = Array.from({ length: 30 / binNats }, () => 0);
    for (const score of scores) {
      const bin = Math.min(Math.max(Math.floor((score + 15) / binNats), 0), bins.length - 1);
      bins[bin] = (bins[bin] ?? 0) + 1 / scores.length;
    }
    return bins.flatMap((share, bin) => {
      const from = -15 + bin * binNats;
      return [[from, share] as const, [from + binNats, share] as const];
    });
  };
  const lines = [
    { label: 'same speaker', colour: '#1a7f37', points: shares(true) },
    { label: 'other speaker', colour: '#b42318', dashed: true, points: shares(false) },
  ];
  const top = Math.max(...lines.flatMap(({ points }) => points.map(([, share]) => share)));
  const tickStep = [0.01, 0.02, 0.05, 0.1].find((step) => top / step <= 8) ?? 0.2;
  const ticks = Array.from({ length: Math.floor(top / tickStep) + 1 }, (_, i) => ({
    at: i * tickStep,
    label: `${Math.round(i * tickStep * 100)} %`,
  }));
  const shareAxis = { title: 'share of trials', from: 0, to: top * 1.05, ticks };
  return plot('Scores', llrAxis('llr (nats)'), shareAxis, lines);
}

/** The llr given against the llr that the best monotone calibration of these very trials would give. */
export function calibrationPlot(trials: readonly ScoredTrial[]): string {
  const blocks = poolAdjacentViolators(sortTrials(trials));
  const totals = totalsOf(blocks);
  const points = blocks.flatMap((block) => {
    const llr = llrOfBlock(block, totals);
    // Where one kind of trial only fell, any llr beyond would do: nothing to show.
    if (!Number.isFinite(llr)) return [];
    return [[block.lowestScore, llr] as const, [block.highestScore, llr] as const];
  });
  const diagonal = [[-15, -15] as const, [15, 15] as const];
  const lines = [
    { label: 'these trials', colour: '#0b5cad', points },
    { label: 'perfect', colour: '#777', dashed: true, points: diagonal },
  ];
  return plot('Calibration', llrAxis('llr given'), llrAxis('llr found (PAV)'), lines, 'bottom');
}
