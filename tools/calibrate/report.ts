import type { FigureName } from '../../src/core/evaluation/figures.js';
import { sortTrials } from '../../src/core/evaluation/trials.js';
import type { Calibration, SideTerm } from '../../src/core/speaker/calibration.js';
import { reachedSeconds, trialsAt } from './at-seconds.js';
import { thresholdsAt, type Candidate, type Outcome } from './calibrate.js';
import { measure } from '../../src/core/evaluation/figures.js';
import { prefixSeconds, type Material } from './material.js';
import { strangersMarkdown } from './strangers-report.js';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const three = (x: number): string => x.toFixed(3);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const compared: readonly [FigureName, string, (x: number) => string][] = [
  ['cllr', 'Cllr', three],
  ['eer', 'EER', percent],
  ['minDcf01', 'minDCF 0.01', three],
  ['frrAtFar1', 'FRR at FAR 1 %', percent],
];

export function toMarkdown(outcome: Outcome, material: Material, modelId: string): string {
  const { chosen, calibration, variants, terms } = outcome;
  const { comparisons, trials } = material;
  const seconds = reachedSeconds(comparisons);
  const counts = prefixSeconds.map((length) => {
    const at = comparisons.filter((one) => one.seconds === length);
    const targets = at.filter(({ target }) => target);
    const speakers = new Set(targets.map(({ enrolSpeaker }) => enrolSpeaker)).size;
    return [`${length} s`, String(targets.length), String(at.length - targets.length), String(speakers)];
  });
  return `# Calibration of ${modelId}

${trials.target} target and ${trials.nontarget} non-target trials, each probe compared after every length of net speech that it reaches. All figures are cross-validated by caller: the centre is fitted without both callers of a trial, the regression without both callers' folds (10 folds).

${table(['Net speech', 'Target', 'Non-target', 'Target callers'], counts)}

## Scores compared

Calibrated with the net speech of both sides. "Mean" is over ${seconds.join(', ')} s, and is what the choice is made by.

${table(['Score', 'Cllr, mean', ...seconds.map((s) => `Cllr ${s} s`), ...compared.slice(1).map(([, title]) => `${title}, 5 s`), ...compared.slice(1).map(([, title]) => `${title}, 10 s`)], variants.map(figuresRow))}

${differences(outcome, variants)}

## Side information compared

${table(
  ['Terms', 'Cllr, mean', ...seconds.map((s) => `Cllr ${s} s`)],
  terms.map((one) => [
    one.terms.join(', ') || 'the score alone',
    three(one.cllr),
    ...one.at.map(({ figures }) => three(figures.cllr)),
  ]),
)}

${differences(outcome, terms)}

## Chosen: ${chosen.name}

Cllr before ${three(outcome.cllrBefore)}, on the comparisons it was fitted to ${three(outcome.cllrFitted)}, cross-validated ${three(chosen.cllr)}.

${equation(calibration)}

${table(
  [
    'Net speech',
    'Target',
    'Non-target',
    'Cllr',
    'minCllr',
    'Calibration slope',
    'Intercept',
    'EER',
    'FRR at FAR 1 %',
  ],
  chosen.at.map(({ seconds, figures, slope, intercept, trials: { target, nontarget } }) => [
    `${seconds} s`,
    String(target),
    String(nontarget),
    three(figures.cllr),
    three(figures.minCllr),
    slope.toFixed(2),
    intercept.toFixed(2),
    percent(figures.eer),
    percent(figures.frrAtFar1),
  ]),
)}

The slope and intercept are those of a second regression on the llr: 1 and 0 where they mean what they say.

The same trials, those that reach ${seconds.at(-1)} s:

${sameTrials(chosen, material)}

## Speech that repeats itself

The first utterance of each probe, where it lasts no more than 3 s, said over and over for 10 s, and what the chosen calibration makes of it (not cross-validated): with all of its net speech; counted by how much its stretches differ; and with the llr moved too${varietyText(calibration)}.

${table(
  ['Counted', 'Target', 'Non-target', 'Cllr', 'minCllr', 'Calibration slope', 'Intercept'],
  outcome.repeated.map(({ name, trials: { target, nontarget }, figures, slope, intercept }) => [
    name,
    String(target),
    String(nontarget),
    three(figures.cllr),
    three(figures.minCllr),
    slope.toFixed(2),
    intercept.toFixed(2),
  ]),
)}

## Thresholds and impostors

llr at which other callers are falsely accepted so often, after 5 s:

${table(
  ['FAR', 'llr', 'FRR'],
  thresholdsAt(comparisons, chosen, 5).map(({ far, threshold, falseRejectRate }) => [
    percent(far),
    threshold.toFixed(2),
    percent(falseRejectRate),
  ]),
)}

${strangersMarkdown(outcome.impostorTails)}
`;
}

function varietyText({ variety }: Calibration): string {
  if (!variety) return '';
  const { full, repeated, slope, intercept } = variety;
  return `, by ln(1 − cosine), from nothing at ${full}, which 95 of 100 probes reach, to ${slope} × llr + ${intercept} at ${repeated}, the middle of these`;
}

function figuresRow(one: Candidate): string[] {
  const at = (seconds: number): string[] => {
    const figures = one.at.find((row) => row.seconds === seconds)?.figures;
    return compared.slice(1).map(([name, , text]) => (figures ? text(figures[name]) : ''));
  };
  return [
    one.name,
    three(one.cllr),
    ...one.at.map(({ figures }) => three(figures.cllr)),
    ...at(5),
    ...at(10),
  ];
}

function differences({ chosen, differences: all }: Outcome, candidates: readonly Candidate[]): string {
  const rows = candidates
    .filter((one) => one !== chosen)
    .flatMap((one) =>
      [...(all.get(one) ?? [])].map(([seconds, intervals]) => [
        one.terms === chosen.terms ? one.name : one.terms.join(', ') || 'the score alone',
        `${seconds} s`,
        ...compared.map(([name, , text]) =>
          intervals ? `${text(intervals[name].low)} to ${text(intervals[name].high)}` : '',
        ),
      ]),
    );
  const head = ['Less good or better than the chosen by', 'Net speech', ...compared.map(([, t]) => t)];
  return `Differences, 95 % intervals under the same draws of callers (above 0: the chosen is better):\n\n${table(head, rows)}`;
}

/** The effect of speech alone. */
function sameTrials({ llrs }: Candidate, { comparisons }: Material): string {
  const last = reachedSeconds(comparisons).at(-1);
  let latest = -1;
  const reaching = new Set<number>();
  comparisons.forEach(({ seconds }, i) => {
    if (seconds === prefixSeconds[0]) latest = i;
    if (seconds === last) reaching.add(latest);
  });
  let start = -1;
  const kept = comparisons.map(({ seconds }, i) => {
    if (seconds === prefixSeconds[0]) start = i;
    return reaching.has(start);
  });
  const rows = reachedSeconds(comparisons).map((seconds) => {
    const list = comparisons.map((one, i) => ({ one, llr: llrs[i] ?? NaN })).filter((_, i) => kept[i]);
    const trials = trialsAt(
      list.map(({ one }) => one),
      list.map(({ llr }) => llr),
      seconds,
    );
    const figures = measure(sortTrials(trials));
    return [
      `${seconds} s`,
      three(figures.cllr),
      three(figures.minCllr),
      percent(figures.eer),
      percent(figures.frrAtFar1),
    ];
  });
  return table(['Net speech', 'Cllr', 'minCllr', 'EER', 'FRR at FAR 1 %'], rows);
}

function equation({ scale, offset, probeNetSpeech, referenceNetSpeech, snr }: Calibration): string {
  const speech = (term: SideTerm | undefined, name: string): readonly [string, SideTerm] | null =>
    term ? [`ln(${name} / ${term.at} ms)`, term] : null;
  const terms = [
    speech(probeNetSpeech, 'probe'),
    speech(referenceNetSpeech, 'reference'),
    snr ? ([`(snr − ${snr.at} dB) / 10`, snr] as const) : null,
  ].filter((term) => term !== null);
  const sum = (first: number, part: 'scale' | 'offset'): string =>
    [String(first), ...terms.map(([name, term]) => `${term[part]} × ${name}`)].join(' + ');
  const ranges = terms.map(([name, term]) => `${name} within ${term.from} to ${term.to}`).join('; ');
  return `llr = (${sum(scale, 'scale')}) × score + ${sum(offset, 'offset')}\n\n${ranges}`;
}
