import { markdownTable } from '../../markdown/markdown-table.js';
import { activities, type Activity } from './activities.js';
import { categories } from './categories.js';
import type { ColumnUse, TableUse } from './data-map.types.js';
import { erasurePaths } from './erasure-paths.js';
import { retentionRules } from './retention-rules.js';

const heading = `# Data map

Made from what the owner of each table says of it (stored.ts in its room, listed in src/app/stored-tables.ts) by \`node dist/tools/docs/data-map.js\`; do not edit. Tests hold the list against the entities and the migrated database: CI fails when a column is missing from it, an entry is stale, or a personal column lacks purpose, legal basis, retention or erasure path. \`GET /v1/privacy/data-map\` (role \`privacy\`, \`admin\`) gives the same as JSON and compares it with the database that is being served.`;

/** docs/data-map.md. */
export function renderDataMap(map: readonly TableUse[]): string {
  return `${[
    heading,
    '## Purposes and legal bases',
    ...Object.entries<Activity>(activities).flatMap(([id, activity]) => activitySection(id, activity)),
    '## Retention rules',
    markdownTable([['Rule', 'Kept until'], ...named(retentionRules)]),
    '## Erasure paths',
    markdownTable([['Path', 'On the person’s request'], ...named(erasurePaths)]),
    '## Kinds of data',
    markdownTable([['Kind', 'What it is'], ...named(categories)]),
    '## Tables',
    ...map.flatMap(tableSection),
  ].join('\n\n')}\n`;
}

function activitySection(id: string, { name, purpose, bases, people, recipients }: Activity): string[] {
  return [
    `### ${name} (\`${id}\`)`,
    `${purpose}. About: ${people.join(', ')}. Shown to: ${recipients.join(', ')}.`,
    markdownTable([
      ['Law', 'Article', 'Ground'],
      ...bases.map(({ law, article, ground }) => [law, article, ground]),
    ]),
  ];
}

function tableSection({ table, what, bundle, columns }: TableUse): string[] {
  const rows = Object.entries(columns).map(([name, use]) => [`\`${name}\``, ...columnCells(use)]);
  const head = ['Column', 'What', 'Kind', 'Purpose', 'Retention', 'Erasure'];
  const handedOut =
    bundle === undefined
      ? []
      : [
          'in' in bundle
            ? `In a person’s bundle: \`${bundle.in}\`.`
            : `Not in a person’s bundle. ${bundle.notIn}`,
        ];
  return [`### ${table}`, what, ...handedOut, markdownTable([head, ...rows])];
}

function columnCells(use: ColumnUse): string[] {
  if (use.kind === 'not-personal') return [use.why, 'not personal', '–', '–', '–'];
  return [use.what, use.category, use.activity, use.retention, use.erasure];
}

function named(words: Readonly<Record<string, string>>): string[][] {
  return Object.entries(words).map(([id, text]) => [`\`${id}\``, text]);
}
