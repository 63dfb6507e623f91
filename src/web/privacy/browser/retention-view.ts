import { day, el, field, moment, table, words } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import { badge, card, fill, lead, select } from './parts.js';
import type { Preview, Run } from './retention-types.js';
import type { View } from './view.js';

/** What would go and why, and what went. */
export const retentionView: View = {
  id: 'retention',
  name: 'Retention',
  open(root: HTMLElement, api: Requests) {
    const preview = el('div');
    const runs = el('div');
    const span = select('days', [
      ['30', 'the next 30 days'],
      ['0', 'what is due already'],
      ['90', 'the next 90 days'],
      ['365', 'the next year'],
    ]);
    const look = (): void => {
      const asked = api.send<Preview>('GET', `/v1/retention/preview?days=${span.value}&listed=50`);
      void fill(preview, asked, previewParts);
    };
    span.addEventListener('change', look);
    root.append(
      lead(
        'Every personal row has a date and a rule that set it; the sweeper destroys what is past it, unless a legal hold keeps it.',
      ),
      card('What would go', field('In', span), preview),
      card('What went', runs),
    );
    look();
    const asked = api.send<{ late: boolean; runs: readonly Run[] }>('GET', '/v1/retention/runs?limit=50');
    void fill(runs, asked, runParts);
  },
};

function previewParts({ until, counts, rows }: Preview): HTMLElement[] {
  const some = Object.entries(counts).filter(([, { due, held }]) => due + held > 0);
  if (some.length === 0) return [el('p', { class: 'lead' }, 'Nothing until then.')];
  return [
    el('p', { class: 'hint' }, 'Until ', day(until)),
    table(
      'How much',
      ['What', 'Would go', 'Kept by a legal hold'],
      some.map(([kind, { due, held }]) => [words(kind), String(due), String(held)]),
    ),
    table(
      'The first of each kind, earliest first',
      ['Date', 'What', 'Why', 'Rule', 'Whose'],
      rows.map((row) => [
        el('span', {}, moment(row.dueAt), row.held ? badge('held', 'warn') : ''),
        words(row.kind),
        words(row.reason),
        `${row.decidedBy.packId.toUpperCase()} ${row.decidedBy.article}`,
        el('code', {}, row.customerId ?? row.id),
      ]),
    ),
  ];
}

function runParts({ late, runs }: { readonly late: boolean; readonly runs: readonly Run[] }): HTMLElement[] {
  const standing = late
    ? badge('late: no sweep has finished within two intervals', 'bad')
    : badge('sweeps run as they should', 'good');
  if (runs.length === 0) return [el('p', {}, standing), el('p', { class: 'lead' }, 'No sweep yet.')];
  return [
    el('p', {}, standing),
    table(
      'Sweeps that did something, and the newest; newest first',
      ['Begun', 'Finished', 'Destroyed', 'Held', 'Late'],
      runs.map(({ startedAt, finishedAt, deleted, held, late: lateRows }) => [
        moment(startedAt),
        finishedAt === null ? 'not yet' : moment(finishedAt),
        Object.entries(deleted)
          .map(([kind, count]) => `${words(kind)}: ${count}`)
          .join(', ') || 'nothing was due',
        String(held),
        String(lateRows),
      ]),
    ),
  ];
}
