import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { getMetadataArgsStorage } from 'typeorm';
import { storedTables as dataMap } from '../../../app/stored-tables.js';
import { entities } from '../../../app.module.js';
import { checkDataMap, type TableColumns } from './check-data-map.js';
import { renderDataMap } from './data-map-document.js';
import { retentionRules } from './retention-rules.js';
import { retentionSettings } from '../processing-record.js';
import { defaultPolicy } from '../../policy/policy.js';
import { handledAs, notPersonal, type TableUse } from './data-map.types.js';

/** As TypeORM itself has them. */
const inEntities: TableColumns[] = entities.map((entity) => {
  const storage = getMetadataArgsStorage();
  const table = storage.tables.find(({ target }) => target === entity)?.name ?? entity.name;
  const columns = storage.columns
    .filter(({ target }) => target === entity)
    .map(({ options, propertyName }) => options.name ?? propertyName);
  return { table, columns };
});

describe('the data map (stored.ts of each room: say there what a new column is)', () => {
  const ofEntities = dataMap.filter(({ table }) => inEntities.some((entity) => entity.table === table));

  it('names every column of every entity, none that is gone, and for each personal one purpose, basis, retention and erasure', () => {
    expect(checkDataMap(ofEntities, inEntities)).toEqual({ unmapped: [], stale: [], incomplete: [] });
  });

  it('tells in full also of tables without an entity', () => {
    expect(checkDataMap(dataMap, []).incomplete).toEqual([]);
  });

  it('has each table once', () => {
    const tables = dataMap.map(({ table }) => table);
    expect(new Set(tables).size).toBe(tables.length);
  });

  it('has a document that is up to date (npm run build && node dist/tools/docs/data-map.js)', () => {
    const document = readFileSync(new URL('../../../../docs/data-map.md', import.meta.url), 'utf8');
    expect(document).toBe(renderDataMap(dataMap));
  });
});

describe('the retention rules', () => {
  const names = (text: string): string[] => text.match(/\b(retention|enrolment|watchlist)\.\w+/g) ?? [];
  const settings = Object.keys(retentionSettings(defaultPolicy));

  it('name fields that the policy has, and each of those that set a date', () => {
    const named = new Set(Object.values(retentionRules).flatMap(names));
    expect([...named].filter((name) => !settings.includes(name))).toEqual([]);
    expect(settings.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('the check of the data map', () => {
  const personal = handledAs({ activity: 'calls', retention: 'call', erasure: 'row-deleted' });
  const stored = [{ table: 'people', columns: ['name', 'shoe_size'] }];
  const mapOf = (columns: TableUse['columns']): TableUse[] => [{ table: 'people', what: 'People.', columns }];
  const name = personal('identifier', 'The name.');
  const nowhere = undefined as never;

  it('finds a column that nobody has classified', () => {
    expect(checkDataMap(mapOf({ name }), stored).unmapped).toEqual(['people.shoe_size']);
  });

  it('finds an entry whose column is gone', () => {
    const map = mapOf({ name, shoe_size: notPersonal('Of the shoe.'), hat: notPersonal('Of the hat.') });
    expect(checkDataMap(map, stored)).toEqual({ unmapped: [], stale: ['people.hat'], incomplete: [] });
  });

  it.each([
    ['purpose', { activity: nowhere }],
    ['legal basis', { activity: nowhere }],
    ['retention', { retention: nowhere }],
    ['erasure path', { erasure: nowhere }],
  ])('finds a personal column without %s', (what, left) => {
    const map = mapOf({ name: personal('identifier', 'The name.', left), shoe_size: name });
    expect(checkDataMap(map, stored).incomplete).toContain(`people.name: ${what}`);
  });

  it('finds a column called not personal without saying why', () => {
    const map = mapOf({ name, shoe_size: notPersonal(' ') });
    expect(checkDataMap(map, stored).incomplete).toEqual(['people.shoe_size: why it is not personal']);
  });
});
