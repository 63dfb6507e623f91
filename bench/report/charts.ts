import { plot, type Axis } from '../../tools/evaluate/plot.js';
import type { CallsReport } from '../calls-report.js';
import type { WatchlistReport } from '../watchlist-report.js';
import { bars } from './bars.js';
import type { Results } from './results.js';

/** Pictures by file name, of what was measured. */
export function chartsOf({ calls, micro, watchlist }: Results): Record<string, string> {
  return {
    ...(calls && { 'calls.svg': callsChart(calls), 'profile.svg': profileChart(calls) }),
    ...(micro && {
      'stages.svg': bars(
        'Processor time of each stage, ms a second of audio',
        micro.stages.map(({ stage, msPerSecond }) => ({ label: stage, value: msPerSecond })),
      ),
    }),
    ...(watchlist && { 'watchlist.svg': watchlistChart(watchlist) }),
  };
}

const latestMs = 500;

function callsChart({ steps }: CallsReport): string {
  const most = Math.max(...steps.map(({ calls }) => calls));
  const x: Axis = {
    title: 'calls at once',
    from: 0,
    to: most,
    ticks: steps.map(({ calls }) => ({ at: calls, label: String(calls) })),
  };
  const y: Axis = {
    title: 'milliseconds from the last audio needed to the decision',
    from: 0,
    to: latestMs,
    ticks: [0, 100, 200, 300, 400, 500].map((at) => ({ at, label: String(at) })),
  };
  const line = (q: 'p50' | 'p95' | 'p99'): (readonly [number, number])[] =>
    steps.map(({ calls, decisionMs }) => [calls, decisionMs[q]]);
  return plot('Time to a decision', x, y, [
    { label: 'p99', colour: '#a33', points: line('p99') },
    { label: 'p95', colour: '#0b5cad', points: line('p95') },
    { label: 'p50', colour: '#2a7d2a', points: line('p50') },
    {
      label: 'limit of p95',
      colour: '#777',
      dashed: true,
      points: [
        [0, 300],
        [most, 300],
      ],
    },
  ]);
}

function profileChart({ profile }: CallsReport): string {
  const sums = new Map<string, number>();
  for (const { ms } of profile.threads)
    for (const [purpose, spent] of Object.entries(ms))
      sums.set(purpose, (sums.get(purpose) ?? 0) + spent / profile.callSeconds);
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  return bars(
    'Processor time, ms a call second',
    sorted.map(([label, value]) => ({ label, value })),
  );
}

function watchlistChart({ rows }: WatchlistReport): string {
  const decades = (from: number, to: number): Axis['ticks'] =>
    Array.from({ length: to - from + 1 }, (_, i) => ({
      at: from + i,
      label: (10 ** (from + i)).toLocaleString('en-GB'),
    }));
  const line = (way: string): (readonly [number, number])[] =>
    rows
      .filter((row) => row.way === way && row.batch === 1)
      .map(({ entries, msPerSegmentP50 }) => [Math.log10(entries), Math.log10(msPerSegmentP50)]);
  return plot(
    'One exact search',
    { title: 'entries', from: 3, to: 6, ticks: decades(3, 6) },
    { title: 'milliseconds, p50', from: -2, to: 3, ticks: decades(-2, 3) },
    [
      { label: 'plain loop', colour: '#777', dashed: true, points: line('loop') },
      { label: 'to the thread and back', colour: '#0b5cad', points: line('thread') },
      { label: 'search alone', colour: '#2a7d2a', points: line('matrix') },
      {
        label: 'goal at 100,000',
        colour: '#a33',
        dashed: true,
        points: [
          [5, Math.log10(5)],
          [5, -2],
        ],
      },
    ],
  );
}
