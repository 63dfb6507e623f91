import { Global, Module } from '@nestjs/common';
import { STORED_TABLES } from '../platform/database/stored-table.js';
import { storedTables } from './stored-tables.js';

@Global()
@Module({
  providers: [{ provide: STORED_TABLES, useValue: storedTables }],
  exports: [STORED_TABLES],
})
export class StoredTablesModule {}
