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
  return aligned([['Variable', 'Default', 'What it does'], ...rows]);
}

/** As Prettier would have it. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return lines.join('\n');
}

/** The document with the table between its markers. */
export function withConfigTable(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/operations.md has lost its config-table markers');
  return `${document.slice(0, from + begin.length)}\n\n${renderConfigTable()}\n\n${document.slice(to)}`;
}
