import {
  deskFigures,
  type DeskCall,
  type DeskFigure,
  type DeskFigures,
  type DeskRow,
} from '../../src/core/evaluation/desk.js';
import { severities, type ReasonCode } from '../../src/core/risk/risk-reason.js';
import { deskSeconds, type Moment } from './played-call.js';
import { seededRandom } from './seeded-random.js';

export interface PlayedTrial extends Omit<DeskCall, 'flag'> {
  readonly flags: ReadonlyMap<Moment, DeskCall['flag']>;
}

export interface DeskReport {
  readonly moment: Moment;
  readonly calls: { readonly target: number; readonly nontarget: number };
  readonly rows: readonly (DeskFigures & { readonly row: DeskRow })[];
}

const draws = 1000;
const reasons: readonly ReasonCode[] = ['voice-mismatch', 'caller-changed', 'sensitive-action'];
const rows: readonly DeskRow[] = [
  ...severities.map((from) => ({ kind: 'severity', from }) as const),
  ...reasons.map((code) => ({ kind: 'reason', code }) as const),
];

export function deskReports(played: readonly PlayedTrial[], baseRate: number): DeskReport[] {
  return ([...deskSeconds, 'end'] as const).map((moment) => {
    const calls = played.flatMap(({ flags, ...trial }) => {
      const flag = flags.get(moment);
      return flag === undefined ? [] : [{ ...trial, flag }];
    });
    const target = calls.filter((call) => call.target).length;
    return {
      moment,
      calls: { target, nontarget: calls.length - target },
      rows: deskFigures(calls, rows, baseRate, draws, seededRandom(1)),
    };
  });
}

export function deskMarkdown(reports: readonly DeskReport[], baseRate: number): string {
  const lines = reports.flatMap(({ moment, calls, rows: figures }) => [
    `| **${moment === 'end' ? 'end of the call' : `${moment} s of net speech`}**, ${calls.target} customers, ${calls.nontarget} frauds | | | |`,
    ...figures.map(
      ({ row, flagsPer1000, precision, recall }) =>
        `| ${nameOf(row)} | ${number(flagsPer1000)} | ${share(precision)} | ${share(recall)} |`,
    ),
  ]);
  return `## At the fraud desk

Every trial as a call in which a payout is asked for at that moment; 1 fraud in ${Math.round(1 / baseRate)} calls. In brackets: 95 % intervals, bootstrapped over callers.

| flags | a thousand calls | precision | recall |
| --- | ---: | ---: | ---: |
${lines.join('\n')}
`;
}

const nameOf = (row: DeskRow): string =>
  row.kind === 'reason'
    ? `with ${row.code}`
    : row.from === 'critical'
      ? 'critical'
      : `${row.from} and graver`;
const number = ({ value, ci95 }: DeskFigure): string =>
  `${value.toFixed(1)}${ci95 ? ` (${ci95.low.toFixed(1)} to ${ci95.high.toFixed(1)})` : ''}`;
const share = ({ value, ci95 }: DeskFigure): string =>
  `${(100 * value).toFixed(1)} %${ci95 ? ` (${(100 * ci95.low).toFixed(1)} to ${(100 * ci95.high).toFixed(1)})` : ''}`;
