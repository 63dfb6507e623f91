import type { TableUse } from './data-map.types.js';
import { callTables } from './tables/calls.js';
import { customerTables } from './tables/customers.js';
import { erasureTables } from './tables/erasures.js';
import { ledgerTables } from './tables/ledgers.js';
import { operationTables } from './tables/operations.js';
import { requestTables } from './tables/requests.js';
import { retentionTables } from './tables/retention.js';
import { selfServiceTables } from './tables/self-service.js';
import { watchlistTables } from './tables/watchlists.js';

/**
 * What every column of every table is for. A test holds it against the entities and the migrated database: who adds a column
 * says here what it is, or CI fails.
 */
export const dataMap: readonly TableUse[] = [
  ...customerTables,
  ...callTables,
  ...watchlistTables,
  ...requestTables,
  ...ledgerTables,
  ...erasureTables,
  ...retentionTables,
  ...operationTables,
  ...selfServiceTables,
];
