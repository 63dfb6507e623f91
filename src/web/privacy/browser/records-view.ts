import { el, facts, moment, save, table } from '../../common/browser/elements.js';
import type { Requests } from '../../common/browser/requests.js';
import type { DataMap, ProcessingRecord, RecordedActivity } from './record-types.js';
import { badge, button, card, fill, lead, say, statusLine } from './parts.js';
import type { View } from './view.js';

/** The record of processing (GDPR Art. 30), drawn from the data map and the policy. */
export const recordsView: View = {
  id: 'records',
  name: 'Art. 30 record',
  open(root: HTMLElement, api: Requests) {
    const record = el('div');
    const line = statusLine();
    const keep = (path: string, name: string) => () => {
      void api.file(path).then((outcome) => {
        const done = outcome.kind === 'done';
        if (done) save(outcome.body, name);
        say(line, done, done ? `Saved as ${name}.` : outcome.message);
      });
    };
    root.append(
      lead(
        'What is processed, for what, on which ground, for how long, and who sees it: drawn from every column of the database.',
      ),
      el(
        'div',
        { class: 'row actions-row' },
        button('Save to read (Markdown)', keep('/v1/privacy/processing-record.md', 'processing-record.md')),
        button('Save as JSON', keep('/v1/privacy/processing-record', 'processing-record.json')),
      ),
      line,
      record,
    );
    void fill(record, api.send<ProcessingRecord>('GET', '/v1/privacy/processing-record'), recordCards);
  },
};

/** What every column is for. */
export const dataMapView: View = {
  id: 'data-map',
  name: 'Data map',
  open(root: HTMLElement, api: Requests) {
    const map = el('div');
    root.append(
      lead(
        'Every column of every table: not personal, with why; or personal, with what it serves and how it goes.',
      ),
      map,
    );
    void fill(map, api.send<DataMap>('GET', '/v1/privacy/data-map'), mapCards);
  },
};

function recordCards(record: ProcessingRecord): HTMLElement[] {
  const { missing, activities, at, policyVersion, retentionSettings, productSecurityMeasures } = record;
  return [
    card(
      'Who is responsible',
      facts([
        ['Controller', record.controller?.name ?? 'not given yet'],
        ['Data protection officer', record.dataProtectionOfficer?.name ?? 'not given yet'],
        ['Representative', record.representative?.name ?? 'none given'],
        ['As of', moment(at)],
        ['Policy version', String(policyVersion)],
      ]),
      missing.length === 0
        ? null
        : el(
            'div',
            { class: 'verdict' },
            el(
              'div',
              { attributes: { 'data-tone': 'warn' } },
              el('p', {}, 'Art. 30(1) asks for more, which the policy’s controllerDetails can say:'),
              bullets(missing),
            ),
          ),
    ),
    ...activities.map(activityCard),
    card(
      'Retention settings in force',
      table(
        'Days and limits of the policy',
        ['Setting', 'Value'],
        Object.entries(retentionSettings).map(([name, value]) => [el('code', {}, name), String(value)]),
      ),
    ),
    card('Security measures', bullets([...productSecurityMeasures, ...record.securityMeasures])),
  ];
}

function activityCard(activity: RecordedActivity): HTMLElement {
  const { name, purpose, specialCategory, legalBases, people, categories, recipients } = activity;
  return card(
    name,
    el('p', {}, purpose),
    facts([
      ['People', people.join(', ')],
      ['Recipients', recipients.join(', ')],
      [
        'Kind of data',
        specialCategory ? badge('special category, Art. 9', 'warn') : badge('ordinary', 'neutral'),
      ],
    ]),
    details(
      'Legal bases',
      legalBases.map(({ law, article, ground }) => `${law} ${article}: ${ground}`),
    ),
    details(
      'Data',
      categories.map(({ text }) => text),
    ),
    details(
      'Kept until',
      activity.retention.map(({ text }) => text),
    ),
    details(
      'On erasure',
      activity.erasure.map(({ text }) => text),
    ),
    details('Tables', activity.tables),
  );
}

function mapCards(map: DataMap): HTMLElement[] {
  const { unmapped, stale, incomplete } = map.comparedWithDatabase;
  const gaps = [
    ...unmapped.map((column) => `${column} is in the database and not in the map`),
    ...stale.map((column) => `${column} is in the map and not in the database`),
    ...incomplete,
  ];
  const tone = gaps.length === 0 ? 'good' : 'bad';
  return [
    el(
      'div',
      { class: 'verdict' },
      el(
        'div',
        { attributes: { 'data-tone': tone } },
        el(
          'p',
          {},
          gaps.length === 0
            ? 'The database is as the map says, column by column.'
            : 'The database is not as the map says.',
        ),
        gaps.length === 0 ? null : bullets(gaps),
      ),
    ),
    ...map.tables.map(({ table: name, what, columns }) =>
      el(
        'details',
        { class: 'card fold' },
        el('summary', {}, name),
        el('p', { class: 'hint' }, what),
        table(
          `Columns of ${name}`,
          ['Column', 'What', 'For', 'Kept until', 'On erasure'],
          Object.entries(columns).map(([column, use]) =>
            use.kind === 'not-personal'
              ? [el('code', {}, column), `Not personal. ${use.why}`, null, null, null]
              : [
                  el('code', {}, column),
                  use.what,
                  map.activities[use.activity]?.name ?? use.activity,
                  map.retentionRules[use.retention] ?? use.retention,
                  map.erasurePaths[use.erasure] ?? use.erasure,
                ],
          ),
        ),
      ),
    ),
  ];
}

function details(name: string, items: readonly string[]): HTMLElement {
  return el('details', {}, el('summary', {}, `${name} (${items.length})`), bullets(items));
}

function bullets(items: readonly string[]): HTMLUListElement {
  return el('ul', { class: 'bullets' }, ...items.map((item) => el('li', {}, item)));
}
