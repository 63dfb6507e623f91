import { DataSource, type MixedList, type MigrationInterface } from 'typeorm';
import type { Logger } from '../logging/logger.js';

export interface DataSourceSettings {
  readonly url: string;
  readonly pool: number;
  /** Entity classes of every module. */
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

export function createDataSource(settings: DataSourceSettings, logger: Logger): DataSource {
  const entities: MixedList<new () => object> = [...settings.entities];
  const source = new DataSource({
    type: 'postgres',
    url: settings.url,
    applicationName: 'timbre',
    poolSize: settings.pool,
    connectTimeoutMS: 10_000,
    entities,
    migrations: [...settings.migrations],
    migrationsTableName: 'timbre_migrations',
    synchronize: false,
    installExtensions: false,
    logging: false,
    poolErrorHandler: (error: Error) => {
      // The pool ends without waiting for its sockets: once closed, their end is no news.
      if (source.isInitialized) logger.warn({ err: error }, 'idle database connection lost');
    },
  });
  return source;
}
