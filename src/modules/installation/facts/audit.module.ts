import { Global, Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditWriter } from './audit-writer.js';

/** Global: whatever changes something writes to the log. In a transaction that is `recordFact`, which needs no module. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [AuditWriter],
  exports: [AuditWriter],
})
export class AuditModule {}
