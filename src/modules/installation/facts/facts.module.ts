import { Global, Module } from '@nestjs/common';
import { AuditWriter } from './audit-writer.js';
import { FactFeed } from './fact-feed.js';
import { StoredReaders } from './stored-readers.js';

/** Global: whatever changes something records it, whatever keeps something in memory reads of it. Recording in a transaction is `recordFact`, which needs no module. */
@Global()
@Module({
  providers: [AuditWriter, FactFeed, StoredReaders],
  exports: [AuditWriter, FactFeed, StoredReaders],
})
export class FactsModule {}
