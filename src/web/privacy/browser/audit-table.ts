import { el, moment, table, words } from '../../common/browser/elements.js';
import type { AuditEntry } from './api-types.js';

export function auditTable(caption: string, entries: readonly AuditEntry[]): HTMLTableElement {
  return table(
    caption,
    ['When', 'What', 'Of', 'By', 'Details'],
    entries.map((entry) => [
      moment(entry.at),
      words(entry.action),
      el('div', {}, `${words(entry.subject.kind)} `, el('code', {}, entry.subject.id)),
      entry.by === null ? 'Timbre itself' : el('div', {}, 'Token ', el('code', {}, entry.by)),
      detailsOf(entry),
    ]),
  );
}

function detailsOf({ seq, callId, details }: AuditEntry): HTMLElement {
  const told = Object.entries(details).map(([name, value]) => `${name}: ${valueText(value)}`);
  const lines = [`Entry ${seq}`, ...(callId === null ? [] : [`call: ${callId}`]), ...told];
  return el(
    'details',
    {},
    el('summary', {}, `Entry ${seq}`),
    el('pre', {}, lines.slice(1).join('\n') || '–'),
  );
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
