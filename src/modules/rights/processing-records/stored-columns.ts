import type { EntityManager } from 'typeorm';
import type { TableColumns } from '../../../core/privacy/data-map/check-data-map.js';

/** Every table of the database that is served, but the list of migrations. */
export async function storedColumns(em: EntityManager): Promise<TableColumns[]> {
  return em.query<{ table: string; columns: string[] }[]>(
    `SELECT table_name AS table, array_agg(column_name::text ORDER BY ordinal_position) AS columns
     FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name <> 'timbre_migrations'
     GROUP BY table_name ORDER BY table_name`,
  );
}
