import { markdownTable } from '../../src/core/markdown/markdown-table.js';
import type { FittedTail } from './fitted-tail.js';
import { nominalShares, type AlarmTally } from './stranger-alarms.js';

/** What watchlists tell a match from chance by, and how well it does. */
export function strangersMarkdown(tails: readonly FittedTail[]): string {
  const [chosen] = tails;
  if (!chosen) return 'There are too few people for an impostor tail: the model will screen nobody.';
  const { pairs, calls, callers } = chosen;
  return `What strangers score for watchlists at the closest of a call's moments: ${pairs} pairs of ${calls} calls and the voices of other callers, ${callers} in all. The tail is that of a normal distribution. The first is chosen: it finds more of the listed callers where one call in a thousand may raise a false alarm with ten entries.

${markdownTable([['Score', 'Mean', 'Deviation'], ...tails.map((tail) => [nameOf(tail), tail.mean.toFixed(4), tail.sd.toFixed(4)])])}

False alarms, the tail fitted to one half of the callers and tried on the other, both ways, for 20 ways of halving:

${shares(tails, 'halves', 'Calls tried')}

Listed callers found by another call of theirs, the tail fitted without them, where nobody else on the list is nearer:

${shares(tails, 'found', 'Pairs of calls')}`;
}

function nameOf({ topN }: FittedTail): string {
  return topN === null ? 'cosine' : `normalised against the caller's ${topN} nearest of the cohort`;
}

function shares(tails: readonly FittedTail[], of: 'halves' | 'found', tried: string): string {
  const head = ['Score', 'Entries', tried, ...nominalShares.map((share) => `Nominal ${share * 100} %`)];
  const row = (tail: FittedTail, tally: AlarmTally): string[] => [
    nameOf(tail),
    tally.entries.toLocaleString('en-GB'),
    tally.tried.toLocaleString('en-GB'),
    ...tally.alarms.map((count) => (tally.tried > 0 ? `${((100 * count) / tally.tried).toFixed(2)} %` : '')),
  ];
  return markdownTable([head, ...tails.flatMap((tail) => tail[of].map((tally) => row(tail, tally)))]);
}
