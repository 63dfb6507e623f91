import { markdownTable } from '../../core/markdown/markdown-table.js';
import { variablesSchema } from './variables.js';

const begin =
  '<!-- config-table: made by tools/docs/config-table.ts from src/platform/config/variables.ts -->';
const end = '<!-- /config-table -->';

/** The Markdown table of every variable. */
export function renderConfigTable(): string {
  const rows = Object.entries(variablesSchema.shape).map(([name, schema]) => {
    const fallback = schema.def.type === 'prefault' ? `\`${schema.def.defaultValue}\`` : '–';
    return [`\`${name}\``, fallback, schema.description ?? ''];
  });
  return markdownTable([['Variable', 'Default', 'What it does'], ...rows]);
}

/** The document with the table between its markers. */
export function withConfigTable(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/operations.md has lost its config-table markers');
  return `${document.slice(0, from + begin.length)}\n\n${renderConfigTable()}\n\n${document.slice(to)}`;
}
