import { activities, type Activity } from './activities.js';
import type { ColumnUse, TableUse } from './data-map.types.js';
import { erasurePaths } from './erasure-paths.js';
import { retentionRules } from './retention-rules.js';

/** A table as it is: in the entities, or in the database itself. */
export interface TableColumns {
  readonly table: string;
  readonly columns: readonly string[];
}

export interface DataMapGaps {
  /** `table.column` that is there and not in the map: nobody has said whether it is personal. */
  readonly unmapped: readonly string[];
  /** `table.column` in the map that is not there any more. */
  readonly stale: readonly string[];
  /** Entries that leave out what has to be known, with what is missing. */
  readonly incomplete: readonly string[];
}

/** Where the map and what is stored differ; all three empty when it tells all. */
export function checkDataMap(map: readonly TableUse[], stored: readonly TableColumns[]): DataMapGaps {
  const mapped = map.flatMap(({ table, columns }) => Object.keys(columns).map((name) => `${table}.${name}`));
  const there = stored.flatMap(({ table, columns }) => columns.map((name) => `${table}.${name}`));
  const isMapped = new Set(mapped);
  const isThere = new Set(there);
  return {
    unmapped: there.filter((name) => !isMapped.has(name)),
    stale: mapped.filter((name) => !isThere.has(name)),
    incomplete: map.flatMap(({ table, columns }) =>
      Object.entries(columns).flatMap(([name, use]) =>
        missing(use).map((what) => `${table}.${name}: ${what}`),
      ),
    ),
  };
}

/** Types ask for most of it already; what they don't see is words left empty and an activity without a basis. */
function missing(use: ColumnUse): string[] {
  if (use.kind === 'not-personal') return isEmpty(use.why) ? ['why it is not personal'] : [];
  const activity = lookUp<Activity>(activities, use.activity);
  const parts: Record<string, boolean> = {
    'what it says': isEmpty(use.what),
    purpose: isEmpty(activity?.purpose),
    'legal basis': (activity?.bases ?? []).length === 0,
    recipients: (activity?.recipients ?? []).length === 0,
    retention: isEmpty(lookUp(retentionRules, use.retention)),
    'erasure path': isEmpty(lookUp(erasurePaths, use.erasure)),
  };
  return Object.keys(parts).filter((part) => parts[part] === true);
}

function lookUp<T>(of: Readonly<Record<string, T>>, id: string): T | undefined {
  return of[id];
}

function isEmpty(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}
