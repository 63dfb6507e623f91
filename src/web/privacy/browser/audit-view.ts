import { el, field } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import type { AuditPage } from './api-types.js';
import { auditTable } from './audit-table.js';
import { button, card, fill, form, lead, textInput, textOf } from './parts.js';
import type { View } from './view.js';

/** The audit log, searched. */
export const auditView: View = {
  id: 'audit',
  name: 'Audit log',
  open(root: HTMLElement, api: Requests) {
    const found = el('div', { attributes: { role: 'status' } });
    const look = (data: FormData, before: number | null): void => {
      void fill(found, api.send<AuditPage>('GET', `/v1/audit/entries?${queryOf(data, before)}`), (page) => {
        if (page.entries.length === 0) return ['No entry matches.'];
        const { next } = page;
        const older =
          next === null
            ? []
            : [
                button('Older entries', () => {
                  look(data, next);
                }),
              ];
        return [auditTable(`${page.entries.length} entries, newest first`, page.entries), ...older];
      });
    };
    const search = form(
      'Search',
      [
        field('Action', textInput('action', { placeholder: 'policy-changed', pattern: '[a-z]+(-[a-z]+)*' })),
        field(
          'Of: an id',
          textInput('subjectId', { maxlength: '100' }),
          'A customer, token, watchlist, flag …',
        ),
        field('Call id', textInput('callId', { maxlength: '36' })),
        field('From', textInput('from', { type: 'date' })),
        field('Up to, and with', textInput('to', { type: 'date' })),
      ],
      (data) => {
        look(data, null);
      },
    );
    root.append(
      lead(
        'Who used, made or destroyed a voiceprint, what was decided, and who changed what: by ids, without voices, numbers or names.',
      ),
      card('Search', search),
      card('Entries', found),
    );
    look(new FormData(search), null);
  },
};

/** Days are the officer's own, from midnight to midnight. */
export function queryOf(data: FormData, before: number | null): string {
  const query = new URLSearchParams({ limit: '50' });
  for (const name of ['action', 'subjectId', 'callId']) {
    const text = textOf(data, name);
    if (text !== '') query.set(name, text);
  }
  for (const [name, time] of Object.entries(timesOf(data))) query.set(name, time);
  if (before !== null) query.set('before', String(before));
  return query.toString();
}

export function timesOf(data: FormData): { from?: string; to?: string } {
  const [from, to] = [textOf(data, 'from'), textOf(data, 'to')];
  const end = new Date(`${to}T00:00`);
  end.setDate(end.getDate() + 1);
  return {
    ...(from !== '' && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(to !== '' && { to: end.toISOString() }),
  };
}
