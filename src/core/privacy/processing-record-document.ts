import { markdownTable } from '../markdown/markdown-table.js';
import type { ControllerDetails } from './controller-details.js';
import type { Named, ProcessingRecord, RecordedActivity } from './processing-record.js';

type Contact = ControllerDetails['jointControllers'][number];

/** The record of processing for people to read. */
export function renderProcessingRecord(record: ProcessingRecord): string {
  return `${[
    '# Record of processing activities',
    `GDPR Art. 30(1). As of ${record.at}, policy version ${record.policyVersion}.`,
    ...(record.missing.length === 0
      ? []
      : ['**Not given yet** (policy, `controllerDetails`):', list(record.missing)]),
    '## Responsible',
    markdownTable([
      ['Role', 'Who'],
      ['Controller', contact(record.controller)],
      ['Representative', contact(record.representative)],
      ['Data protection officer', contact(record.dataProtectionOfficer)],
      ...record.jointControllers.map((joint) => ['Joint controller', contact(joint)]),
    ]),
    ...record.activities.flatMap(section),
    '## Recipients outside the business',
    table(
      ['Name', 'Role', 'What'],
      record.recipients.map(({ name, role, what }) => [name, role, what]),
    ),
    '## Transfers to other countries',
    table(
      ['Country', 'Recipient', 'Safeguard'],
      record.transfers.map(({ country, recipient, safeguard }) => [country, recipient, safeguard]),
    ),
    '## Retention settings in force',
    markdownTable([
      ['Setting', 'Value'],
      ...Object.entries(record.retentionSettings).map(([name, value]) => [`\`${name}\``, String(value)]),
    ]),
    '## Security measures',
    list([...record.productSecurityMeasures, ...record.securityMeasures]),
  ].join('\n\n')}\n`;
}

function section(activity: RecordedActivity): string[] {
  const { name, purpose, people, recipients, categories, specialCategory, retention, erasure } = activity;
  return [
    `## ${name}`,
    markdownTable([
      ['', ''],
      ['Purpose', purpose],
      ['Legal bases', activity.legalBases.map(basis).join('; ')],
      ['People', people.join(', ')],
      ['Data', texts(categories) + (specialCategory ? ' (special category, Art. 9)' : '')],
      ['Recipients', recipients.join(', ')],
      ['Kept until', texts(retention)],
      ['Erasure', texts(erasure)],
      ['Tables', activity.tables.join(', ')],
    ]),
  ];
}

function basis({ law, article, ground }: RecordedActivity['legalBases'][number]): string {
  return `${law} ${article} (${ground})`;
}

function texts(items: readonly Named[]): string {
  return items.map(({ text }) => text.replace(/\.$/, '')).join('; ');
}

function contact(who: Contact | null): string {
  if (who === null) return '–';
  return [who.name, who.address, who.email].filter((part) => part !== undefined).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? 'None given.' : markdownTable([head, ...rows]);
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item.replaceAll(/\s*\n\s*/g, ' ')}`).join('\n');
}
