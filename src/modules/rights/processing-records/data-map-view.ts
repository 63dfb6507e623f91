import { activities } from '../../../core/privacy/data-map/activities.js';
import { categories } from '../../../core/privacy/data-map/categories.js';
import {
  checkDataMap,
  type DataMapGaps,
  type TableColumns,
} from '../../../core/privacy/data-map/check-data-map.js';
import type { TableUse } from '../../../core/privacy/data-map/data-map.types.js';
import { erasurePaths } from '../../../core/privacy/data-map/erasure-paths.js';
import { retentionRules } from '../../../core/privacy/data-map/retention-rules.js';

/** The whole map with the words that its ids stand for. */
export interface DataMapView {
  readonly tables: readonly TableUse[];
  readonly activities: typeof activities;
  readonly retentionRules: typeof retentionRules;
  readonly erasurePaths: typeof erasurePaths;
  readonly categories: typeof categories;
  /** Where map and database differ: all three empty, or somebody has changed the database by hand. */
  readonly comparedWithDatabase: DataMapGaps;
}

export function dataMapView(dataMap: readonly TableUse[], stored: readonly TableColumns[]): DataMapView {
  const comparedWithDatabase = checkDataMap(dataMap, stored);
  return { tables: dataMap, activities, retentionRules, erasurePaths, categories, comparedWithDatabase };
}
